/**
 * The plan: what the node must do, in terms of Services. It holds the frontends, the endpoints that each kind of source
 * may reach, and the policies. Start at {@link io.fairlead.core.plan.Planner}, which computes a plan from cluster
 * state, and at {@link io.fairlead.core.plan.Plan}, the result. This package does not depend on rules, Kubernetes
 * classes or I/O.
 */
@NullMarked
package io.fairlead.core.plan;

import org.jspecify.annotations.NullMarked;
