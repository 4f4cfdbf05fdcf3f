package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One way to put a plan into the kernel. {@link #render}, {@link #diff}, {@link #follow} and {@link #removal} are pure;
 * {@link #read} and {@link #apply} are the only ones that touch the kernel.
 *
 * @param <R> the backend's rules
 * @param <C> the backend's changes
 */
public interface Backend<R extends Ruleset, C extends Change> {

    /** Which mode of kube-proxy this is. */
    ProxyMode mode();

    /** The rules that carry out a plan. */
    R render(Plan plan);

    /** What Fairlead has to write so that {@code current} becomes {@code desired}. */
    C diff(R current, R desired);

    /**
     * What the kernel has once {@code diff(current, desired)} is applied. It is {@code desired} unless the backend
     * leaves something as it is that means the same: a family whose tool is missing, the places of endpoints in a map.
     *
     * @param change what {@code diff(current, desired)} was
     */
    default R after(R current, R desired, C change) {
        return desired;
    }

    /**
     * Keeps rules that are in the kernel in step with the changes of the plan that they carry out.
     *
     * @param kernel what the kernel has: what {@code after(..., render(plan))} is
     * @param plan what those rules carry out
     */
    default Follower<C> follow(R kernel, Plan plan) {
        return new Follower<>(new WholeRules<>(this, kernel, plan));
    }

    /** What has to be written to take away everything of ours that is in {@code current}, and nothing else. */
    C removal(R current);

    /**
     * What of {@code current} cannot be taken away, and why: a sentence each. Everything of ours, once {@link #removal}
     * is applied.
     */
    default List<String> leftovers(R current) {
        return List.of();
    }

    /**
     * What the kernel has now of what is ours.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the tool fails
     * @throws UnknownRuleException if there is something under our names that we cannot have written
     */
    R read();

    /**
     * Writes a change. After a failure each transaction is either in force or the kernel is as it was before it, in an
     * order in which each state is safe.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it was refused
     */
    void apply(C change);

    /**
     * The families in which the last {@link #apply} made the rules right but could not delete what nothing uses any
     * more (NFT-25). The next comparison of everything finds it.
     */
    default Set<IpFamily> leftBehind() {
        return Set.of();
    }

    /**
     * The fullest list of clients with affinity as of the last {@link #read}; empty if there is none, or it is not
     * known.
     */
    default Optional<RememberedClients> fullestAffinity() {
        return Optional.empty();
    }

    /**
     * Who else, as far as is known, has changed our rules since the last call of this, {@link #read} or {@link #apply};
     * empty if nobody did. It costs next to nothing, whatever the number of rules. Empty always where the kernel does
     * not tell: {@link #noticesOthers}.
     */
    default Optional<String> changedByOthers() {
        return Optional.empty();
    }

    /** Whether {@link #changedByOthers} tells; otherwise rules have to be read now and then to find out. */
    default boolean noticesOthers() {
        return false;
    }

    /** What an operator should know that has come about since the last call: a sentence each. */
    default List<String> news() {
        return List.of();
    }
}
