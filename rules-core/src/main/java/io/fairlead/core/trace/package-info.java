/**
 * Computes the paths of a packet through rules. Entry types: {@link io.fairlead.core.trace.Tracer}, which both backends
 * implement, and {@link io.fairlead.core.trace.Trace}, which a tracer returns.
 */
@NullMarked
package io.fairlead.core.trace;

import org.jspecify.annotations.NullMarked;
