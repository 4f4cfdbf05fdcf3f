/**
 * The model: what becomes of a flow, computed straight from the plan's policies. It shares nothing with renderers and
 * tracers but the plan, so that agreement between them means something. Entry type:
 * {@link io.fairlead.core.model.FlowModel}.
 */
@NullMarked
package io.fairlead.core.model;

import org.jspecify.annotations.NullMarked;
