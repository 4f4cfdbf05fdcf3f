/**
 * Collects everything about a node that explanations need into one archive, and reads such archives. Entry types:
 * {@link io.fairlead.inspect.bundle.Bundle}, {@link io.fairlead.inspect.bundle.Collector} and {@link
 * io.fairlead.inspect.bundle.Pseudonyms}.
 */
@NullMarked
package io.fairlead.inspect.bundle;

import org.jspecify.annotations.NullMarked;
