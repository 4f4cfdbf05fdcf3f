package io.fairlead.core.rules;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import org.jspecify.annotations.Nullable;

/** Renders and compares everything at each change: for backends that know no shorter way. */
final class WholeFollower<R extends Ruleset, C extends Change> implements Follower<C> {

    private record Step<R>(Plan plan, R rules) {}

    private final Backend<R, C> backend;
    private Step<R> now;
    private @Nullable Step<R> next;

    WholeFollower(Backend<R, C> backend, R kernel, Plan plan) {
        this.backend = backend;
        this.now = new Step<>(plan, kernel);
    }

    @Override
    public C change(PlanDelta delta) {
        Plan plan = now.plan().with(delta);
        R desired = backend.render(plan);
        C change = backend.diff(now.rules(), desired);
        next = new Step<>(plan, backend.after(now.rules(), desired, change));
        return change;
    }

    @Override
    public void accepted() {
        if (next == null) {
            throw new IllegalStateException("no change was asked for");
        }
        now = next;
        next = null;
    }
}
