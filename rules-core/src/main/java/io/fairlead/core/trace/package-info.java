/**
 * The path of a packet through rules. Entry types: {@link io.fairlead.core.trace.Tracer}, which both backends
 * implement, and {@link io.fairlead.core.trace.Trace}, which it returns.
 */
@NullMarked
package io.fairlead.core.trace;

import org.jspecify.annotations.NullMarked;
