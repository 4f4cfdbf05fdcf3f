/**
 * The flow model: computes the outcome of a flow from the policies of a plan. The flow model, the renderers and the
 * tracers share only the plan. Therefore, if their results agree, this is evidence that the results are correct. Entry
 * type: {@link io.fairlead.core.model.FlowModel}.
 */
@NullMarked
package io.fairlead.core.model;

import org.jspecify.annotations.NullMarked;
