package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;

/**
 * The state that the next change of rules depends on, which can be less than the rules.
 *
 * @param <C> their changes
 */
@FunctionalInterface
public interface FollowedRules<C> {

    /** The change for a difference of plans, from the rules after the last step that was accepted. */
    Follower.Step<C> step(PlanDelta delta);
}
