/**
 * The way of a packet through rules, as the backends' tracers report it. Entry type: {@link io.fairlead.core.trace.Trace}.
 */
@NullMarked
package io.fairlead.core.trace;

import org.jspecify.annotations.NullMarked;
