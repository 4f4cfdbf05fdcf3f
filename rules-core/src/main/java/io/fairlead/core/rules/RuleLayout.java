package io.fairlead.core.rules;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;

/**
 * The part of a backend that only computes: it turns plans into rules, and rules into changes. It never accesses the
 * kernel.
 *
 * @param <R> the type of the dialect's rules
 * @param <C> the type of the dialect's changes
 */
public interface RuleLayout<R extends Ruleset, C extends Change> {

    /** Returns the mode of kube-proxy that these rules implement. */
    ProxyMode mode();

    /** Returns the rules that implement a plan. */
    R render(Plan plan);

    /** Returns the change that turns the rules {@code current} into the rules {@code desired}. */
    C diff(R current, R desired);

    /**
     * Returns the rules in the kernel after the kernel accepts a change of {@code current}. Usually these are the rules
     * for which the change was computed. A dialect may keep differences without effect: the old rules of a family whose
     * tool is missing, or other numbers for endpoints in a map.
     */
    R after(R current, C change);

    /**
     * Returns a follower, which computes the changes of the rules in the kernel for each change of their plan.
     *
     * @param kernel the rules in the kernel: the result of {@link #after} for the change to {@code render(plan)}
     * @param plan the plan of those rules
     */
    default Follower<C> follow(R kernel, Plan plan) {
        return new Follower<>(new WholeRules<>(this, kernel, plan));
    }

    /** Returns the change that removes all of Fairlead's rules in {@code current}, and nothing else. */
    C removal(R current);

    /**
     * Returns one sentence for each of Fairlead's objects that could not be removed; the sentence says why.
     *
     * @param current the rules that were read after {@link #removal} was applied. They consist of the objects that
     *     could not be removed
     */
    default List<String> leftovers(R current) {
        return List.of();
    }
}
