package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes the changes of rules that are in the kernel, one after the other, as their plan changes. A change counts
 * only after the kernel accepted it; until then, the next change starts from the same rules. One thread only.
 *
 * @param <C> the changes of the dialect
 */
public final class Follower<C> {
    private final FollowedRules<C> rules;
    private @Nullable Step<C> next;

    /**
     * A change, and the state after it.
     *
     * @param <C> the change of one table, of one family, or of everything
     */
    public interface Step<C> {
        /** Returns the change. */
        C change();

        /** Reports that the kernel accepted the change. The next change starts from the rules after this one. */
        void accepted();

        /** Returns several steps as one. */
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

    /** A follower of these rules. */
    public Follower(FollowedRules<C> rules) {
        this.rules = rules;
    }

    /**
     * Returns the change that makes the rules follow their plan. It has the same lines as {@link RuleLayout#diff} of
     * the rules of both plans. Its cost depends on the Services that change and not on the cluster, as far as the
     * dialect allows.
     *
     * @param delta the difference to the current plan of the rules; it may only change Services
     * @throws IllegalArgumentException if the node plan has changed; then a new follower must start from rules that are
     *     read again
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
     * @throws IllegalStateException if {@link #change} was not called since the last call
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
