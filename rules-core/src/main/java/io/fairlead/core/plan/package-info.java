/**
 * The plan: what the node must do, in terms of Services. It holds the frontends, the endpoints that each kind of source
 * may reach, and the policies. Entry types: {@link io.fairlead.core.plan.Planner} computes a plan from cluster state,
 * and {@link io.fairlead.core.plan.Plan} is the result. This package does not depend on rules, Kubernetes classes or
 * I/O.
 */
@NullMarked
package io.fairlead.core.plan;

import org.jspecify.annotations.NullMarked;
