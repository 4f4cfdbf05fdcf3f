package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes changes for rules that are in the kernel, one after the other, as their plan changes. A change counts only
 * once the kernel has it: until then the next one is computed from the same rules. One thread only.
 *
 * @param <C> the dialect's changes
 */
public final class Follower<C> {
    private final FollowedRules<C> rules;
    private @Nullable Step<C> next;

    /**
     * A change, and the state after it.
     *
     * @param <C> what it changes: a table, a family, or everything
     */
    public interface Step<C> {
        /** What has to be written. */
        C change();

        /** The change is in the kernel: the next one is computed from the rules after it. */
        void accepted();

        /** Several steps as one. */
        static <P, C> Step<C> joined(List<Step<P>> parts, Function<List<P>, C> join) {
            C joined = join.apply(parts.stream().map(Step::change).toList());
            return new Step<>() {
                @Override
                public C change() {
                    return joined;
                }

                @Override
                public void accepted() {
                    parts.forEach(Step::accepted);
                }
            };
        }
    }

    /** Follows these rules. */
    public Follower(FollowedRules<C> rules) {
        this.rules = rules;
    }

    /**
     * What has to be written so that the rules follow their plan: the same lines as {@link Backend#diff} of both plans'
     * rules, at the cost of the Services that change and not of the cluster, as far as the dialect can.
     *
     * @param delta the difference to the plan that the rules carry out now, of Services alone
     * @throws IllegalArgumentException if the node's own part has changed: then rules are read and followed from
     *     the start
     */
    public C change(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException("the node's own part has changed: the rules must be read again");
        }
        Step<C> step = rules.step(delta);
        next = step;
        return step.change();
    }

    /**
     * The kernel has the last {@link #change}.
     *
     * @throws IllegalStateException if none was asked for since the last call
     */
    public void accepted() {
        Step<C> step = next;
        if (step == null) {
            throw new IllegalStateException("no change was asked for");
        }
        next = null;
        step.accepted();
    }
}
