/**
 * Reads data of a node. Package {@code bundle} collects them into an archive, and package {@code proxy} finds the
 * configuration of the running proxy.
 */
@NullMarked
package io.fairlead.inspect;

import org.jspecify.annotations.NullMarked;
