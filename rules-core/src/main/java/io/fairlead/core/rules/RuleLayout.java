package io.fairlead.core.rules;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;

/**
 * The pure half of a backend: from plans to rules, and from rules to changes. It never accesses the kernel.
 *
 * @param <R> the rules of the dialect
 * @param <C> the changes of the dialect
 */
public interface RuleLayout<R extends Ruleset, C extends Change> {

    /** Returns the mode of kube-proxy that these rules implement. */
    ProxyMode mode();

    /** Returns the rules that implement a plan. */
    R render(Plan plan);

    /** Returns the change that turns {@code current} into {@code desired}. */
    C diff(R current, R desired);

    /**
     * Returns the rules in the kernel after a change of {@code current} is applied. They are those that the change was
     * computed for, unless the dialect keeps something with the same meaning: the rules of a family whose tool is
     * missing, or the slots of endpoints in a map.
     */
    R after(R current, C change);

    /**
     * Returns a follower, which keeps rules in the kernel up to date with the changes of their plan.
     *
     * @param kernel the rules in the kernel: the result of {@link #after} for the change to {@code render(plan)}
     * @param plan the plan of those rules
     */
    default Follower<C> follow(R kernel, Plan plan) {
        return new Follower<>(new WholeRules<>(this, kernel, plan));
    }

    /** Returns the change that removes everything of ours in {@code current}, and nothing else. */
    C removal(R current);

    /**
     * Returns what was left behind and why it cannot be removed, one sentence each.
     *
     * @param current the rules that were read after {@link #removal} was applied, so that everything of ours in them is
     *     left behind
     */
    default List<String> leftovers(R current) {
        return List.of();
    }
}
