/**
 * A packet and its outcome: the language in which the flow model, the tracers and the kernel are compared. Entry types:
 * {@link io.fairlead.core.flow.Flow} and {@link io.fairlead.core.flow.Outcome}.
 */
@NullMarked
package io.fairlead.core.flow;

import org.jspecify.annotations.NullMarked;
