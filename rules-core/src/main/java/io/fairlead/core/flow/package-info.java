/**
 * A flow and its outcome. The results of the flow model, the tracers and the kernel are compared in these types. Entry
 * types: {@link io.fairlead.core.flow.Flow} and {@link io.fairlead.core.flow.Outcome}.
 */
@NullMarked
package io.fairlead.core.flow;

import org.jspecify.annotations.NullMarked;
