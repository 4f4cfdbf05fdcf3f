package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;

/**
 * The state that the next change of rules depends on. It can be smaller than the rules.
 *
 * @param <C> the type of the changes
 */
@FunctionalInterface
public interface FollowedRules<C> {

    /** Returns the change for a plan delta, relative to the rules after the last accepted step. */
    Follower.Step<C> step(PlanDelta delta);
}
