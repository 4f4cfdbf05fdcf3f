/**
 * The flow model: the outcome of a flow, computed from the plan's policies. It shares only the plan with renderers and
 * tracers, so agreement with them is evidence. Entry type: {@link io.fairlead.core.model.FlowModel}.
 */
@NullMarked
package io.fairlead.core.model;

import org.jspecify.annotations.NullMarked;
