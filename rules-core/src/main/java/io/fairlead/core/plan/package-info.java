/**
 * The plan: what the node must do, in the language of Services. It holds frontends, the endpoints that each class of
 * source may reach, and the policies. Entry types: {@link io.fairlead.core.plan.Planner} (cluster state in, plan out)
 * and {@link io.fairlead.core.plan.Plan}. Does not depend on rules, Kubernetes classes or I/O.
 */
@NullMarked
package io.fairlead.core.plan;

import org.jspecify.annotations.NullMarked;
