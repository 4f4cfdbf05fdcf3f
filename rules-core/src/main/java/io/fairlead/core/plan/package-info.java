/**
 * What the node must do, in the language of Services: frontends, the endpoints each class of source may pick from, and
 * the policies. Entry types: {@link io.fairlead.core.plan.Planner} (cluster state in, plan out) and
 * {@link io.fairlead.core.plan.Plan}. Knows nothing of rules, Kubernetes classes or I/O.
 */
@NullMarked
package io.fairlead.core.plan;

import org.jspecify.annotations.NullMarked;
