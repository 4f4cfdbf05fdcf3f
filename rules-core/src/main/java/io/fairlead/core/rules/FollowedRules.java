package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;

/**
 * The state from which the next change of rules is computed. The state can be smaller than the rules.
 *
 * @param <C> the type of the changes
 */
@FunctionalInterface
public interface FollowedRules<C> {

    /** Returns the change for a plan delta. The change starts from the rules after the last accepted step. */
    Follower.Step<C> step(PlanDelta delta);
}
