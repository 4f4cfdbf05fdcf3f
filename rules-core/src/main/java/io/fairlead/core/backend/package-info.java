/**
 * What every backend can do, in the order in which it happens: render, read, diff, apply. Entry type:
 * {@link io.fairlead.core.backend.Backend}.
 */
@NullMarked
package io.fairlead.core.backend;

import org.jspecify.annotations.NullMarked;
