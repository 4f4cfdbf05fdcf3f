/**
 * A small API server for the run that records the ahead-of-time cache: with it the cache also holds the classes of the
 * agent's way from the watch to the kernel. Nothing else uses it.
 */
@NullMarked
package io.fairlead.dist;

import org.jspecify.annotations.NullMarked;
