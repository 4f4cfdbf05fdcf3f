package io.fairlead.core.rules;

import java.util.List;

/**
 * The kernel half of a backend: it reads and writes the rules in the kernel. One thread only.
 *
 * @param <R> the rules of the dialect
 * @param <C> the changes of the dialect
 */
public interface KernelRules<R extends Ruleset, C extends Change> {

    /**
     * Reads our rules from the kernel.
     *
     * @throws ApplyFailedException if the tool fails
     * @throws io.fairlead.core.trace.UnknownRuleException if there is something under our names that Fairlead cannot
     *     have written
     */
    R read();

    /**
     * Writes a change. If it fails, each of its transactions is either in force or changed nothing. The order of the
     * transactions makes every state between them safe.
     *
     * @throws ApplyFailedException if the kernel or the tool refused the change
     */
    void apply(C change);

    /**
     * Returns what has happened since the last call, in order, for the agent and the operator. It also asks the kernel
     * whether another program has changed our rules. The cost does not depend on the number of rules.
     */
    List<Notice> poll();

    /** Returns whether {@link #poll} reports changes by other programs. If not, only {@link #read} finds them. */
    boolean isWatched();
}
