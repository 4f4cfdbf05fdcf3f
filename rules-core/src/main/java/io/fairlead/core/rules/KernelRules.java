package io.fairlead.core.rules;

import java.util.List;

/**
 * The part of a backend that reads and writes the rules in the kernel. Not thread-safe.
 *
 * @param <R> the type of the dialect's rules
 * @param <C> the type of the dialect's changes
 */
public interface KernelRules<R extends Ruleset, C extends Change> {

    /**
     * Reads Fairlead's rules from the kernel.
     *
     * @throws ApplyFailedException if the tool fails
     * @throws io.fairlead.core.trace.UnknownRuleException if the output of the tool is not a listing of rules. A rule
     *     in one of Fairlead's chains, or an object with one of Fairlead's names, that Fairlead cannot have written is
     *     returned as a foreign rule or foreign object
     */
    R read();

    /**
     * Writes a change, which may consist of several transactions. If this method fails, each transaction either is in
     * force or changed nothing. The transactions are in an order in which every intermediate state is safe.
     *
     * @throws ApplyFailedException if the kernel or the tool refused the change
     */
    void apply(C change);

    /**
     * Returns the events since the last call, in order, for the agent and the operator. Asks the kernel whether another
     * program has changed Fairlead's rules. The cost does not depend on the number of rules.
     */
    List<Notice> poll();

    /**
     * Returns whether {@link #poll} detects changes by other programs. If not, only {@link #read} finds such changes.
     */
    boolean isWatched();
}
