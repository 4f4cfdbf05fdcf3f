package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts plans into the kernel in one dialect. {@link #render}, {@link #diff}, {@link #follow} and {@link #removal} are
 * pure; only {@link #read} and {@link #apply} access the rules in the kernel.
 *
 * @param <R> the rules of the dialect
 * @param <C> the changes of the dialect
 */
public interface Backend<R extends Ruleset, C extends Change> {

    /** Returns the mode of kube-proxy that this backend implements. */
    ProxyMode mode();

    /** Returns the rules that implement a plan. */
    R render(Plan plan);

    /** Returns the change that turns {@code current} into {@code desired}. */
    C diff(R current, R desired);

    /**
     * Returns the rules in the kernel after {@code diff(current, desired)} is applied. They are {@code desired}, unless
     * the backend keeps something with the same meaning: the rules of a family whose tool is missing, or the slots of
     * endpoints in a map.
     *
     * @param change the result of {@code diff(current, desired)}
     */
    default R after(R current, R desired, C change) {
        return desired;
    }

    /**
     * Returns a follower, which keeps rules in the kernel up to date with the changes of their plan.
     *
     * @param kernel the rules in the kernel: the result of {@code after(..., render(plan))}
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

    /**
     * Reads our rules from the kernel.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the tool fails
     * @throws UnknownRuleException if there is something under our names that Fairlead cannot have written
     */
    R read();

    /**
     * Writes a change. If it fails, each of its transactions is either in force or changed nothing. The order of the
     * transactions makes every state between them safe.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the kernel or the tool refused the change
     */
    void apply(C change);

    /**
     * Returns the families in which the last {@link #apply} made the rules correct but could not delete unused objects
     * (NFT-25). The next resync finds them.
     */
    default Set<IpFamily> leftBehind() {
        return Set.of();
    }

    /**
     * Returns the fullest list of clients with affinity as of the last {@link #read}; empty if there is none or it is
     * unknown.
     */
    default Optional<RememberedClients> fullestAffinity() {
        return Optional.empty();
    }

    /**
     * Returns the program, if known, that changed our rules since the last call of this method, {@link #read} or
     * {@link #apply}; empty if only Fairlead changed them. The cost does not depend on the number of rules. Always
     * empty where the kernel does not report changes; see {@link #noticesOthers}.
     */
    default Optional<String> changedByOthers() {
        return Optional.empty();
    }

    /**
     * Returns whether {@link #changedByOthers} can detect changes. If not, rules must be read from time to time to find
     * out.
     */
    default boolean noticesOthers() {
        return false;
    }

    /** Returns messages for the operator since the last call, one sentence each. */
    default List<String> news() {
        return List.of();
    }
}
