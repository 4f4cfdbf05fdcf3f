package io.fairlead.core.rules;

import java.util.Optional;

/**
 * Detects whether another program has changed Fairlead's rules, without reading the rules. A call takes some
 * microseconds, whatever the number of rules. The caller reports Fairlead's own transactions with {@link #committed},
 * so that the watch does not count them as changes by another program. Not thread-safe.
 *
 * @param <T> the type of the dialect's transactions
 */
public interface RuleWatch<T> extends AutoCloseable {

    /**
     * Reports that the caller is about to read Fairlead's rules. The caller will see all changes up to now, so
     * {@link #poll} does not report them.
     */
    void reading();

    /**
     * Reports that the kernel accepted one of Fairlead's transactions. Must be called separately for each transaction.
     */
    void committed(T transaction);

    /**
     * Returns the last change of Fairlead's rules by another program since the last call of any method of this watch;
     * empty if no other program changed them.
     *
     * @throws IllegalStateException if the kernel does not answer; another program may have changed the rules
     */
    Optional<Notice.ChangedByOthers> poll();

    @Override
    void close();
}
