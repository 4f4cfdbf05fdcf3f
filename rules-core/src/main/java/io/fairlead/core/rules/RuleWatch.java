package io.fairlead.core.rules;

import java.util.Optional;

/**
 * Reports whether another program has changed our rules, without reading them. A call takes some microseconds,
 * whatever the number of rules. Its user reports our own transactions here, so that they are not taken for changes by
 * other programs. One thread only.
 *
 * @param <T> the transactions of the dialect
 */
public interface RuleWatch<T> extends AutoCloseable {

    /** Called before our rules are read: the reader will see all changes until now. */
    void reading();

    /** Called after the kernel accepted one of our transactions; called for each transaction separately. */
    void committed(T transaction);

    /**
     * Returns the last program, if known, that changed our rules since the last call of a method of this watch; empty
     * if only Fairlead changed them.
     *
     * @throws IllegalStateException if the kernel does not answer; then another program may have changed the rules
     */
    Optional<Notice.ChangedByOthers> poll();

    @Override
    void close();
}
