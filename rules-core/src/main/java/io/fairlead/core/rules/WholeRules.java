package io.fairlead.core.rules;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;

/** Renders and compares all rules at each change. Used for a dialect that has no follower of its own. */
final class WholeRules<R extends Ruleset, C extends Change> implements FollowedRules<C> {
    private final RuleLayout<R, C> layout;
    private R rules;
    private Plan plan;

    WholeRules(RuleLayout<R, C> layout, R kernel, Plan plan) {
        this.layout = layout;
        this.rules = kernel;
        this.plan = plan;
    }

    @Override
    public Follower.Step<C> step(PlanDelta delta) {
        Plan wanted = plan.with(delta);
        R before = rules;
        R desired = layout.render(wanted);
        C change = layout.diff(before, desired);
        return new Follower.Step<>() {
            @Override
            public C change() {
                return change;
            }

            @Override
            public void accepted() {
                rules = layout.after(before, change);
                plan = wanted;
            }
        };
    }
}
