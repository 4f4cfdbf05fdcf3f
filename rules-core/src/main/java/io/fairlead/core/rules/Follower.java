package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A follower computes, for each change of the plan, the change of the rules in the kernel. The caller applies the
 * change and calls {@link #accepted} after the kernel accepted it. Until then, each further change starts from the same
 * rules. Not thread-safe.
 *
 * @param <C> the type of the dialect's changes
 */
public final class Follower<C> {
    private final FollowedRules<C> rules;
    private @Nullable Step<C> next;

    /**
     * A change, together with the action that records its acceptance.
     *
     * @param <C> the type of the change: for one table, for one family, or for all rules
     */
    public interface Step<C> {
        /** Returns the change. */
        C change();

        /**
         * Reports that the kernel accepted the change. The next change starts from the rules that result from this
         * change.
         */
        void accepted();

        /**
         * Returns one step that consists of several steps.
         *
         * @param join returns the change of the whole step for the changes of its parts
         */
        static <P, C> Step<C> joined(List<Step<P>> parts, Function<List<P>, C> join) {
            List<P> changes = new ArrayList<>(parts.size());
            parts.forEach(part -> changes.add(part.change()));
            C joined = join.apply(changes);
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

    /** Creates a follower for these rules. */
    public Follower(FollowedRules<C> rules) {
        this.rules = rules;
    }

    /**
     * Returns the change of the rules for a plan delta. The change has the same lines as {@link RuleLayout#diff}
     * between the rules of both plans. The cost depends on the Services that change and, as far as the dialect allows,
     * not on the size of the cluster.
     *
     * @param delta the difference to the current plan of the rules; it may only change Services
     * @throws IllegalArgumentException if the node plan has changed. Then read the rules again and start a new follower
     */
    public C change(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException("node plan changed: read the rules again and start a new follower");
        }
        Step<C> step = rules.step(delta);
        next = step;
        return step.change();
    }

    /**
     * Reports that the kernel accepted the last {@link #change}.
     *
     * @throws IllegalStateException if {@link #change} was not called since the last call of this method
     */
    public void accepted() {
        Step<C> step = next;
        if (step == null) {
            throw new IllegalStateException("no change to accept: call change() first");
        }
        next = null;
        step.accepted();
    }
}
