package io.fairlead.core.rules;

import java.util.Optional;

/**
 * Reports to a backend whether another program has changed its rules, without reading them. A call takes some
 * microseconds, whatever the number of rules. The backend reports its own transactions here, so that they are not taken
 * for changes by other programs. One thread only.
 *
 * @param <T> the transactions of the backend
 */
public interface RuleWatch<T> extends AutoCloseable {

    /** Called before our rules are read: the reader will see all changes until now. */
    void reading();

    /** Called after the kernel accepted one of our transactions; called for each transaction separately. */
    void committed(T transaction);

    /**
     * Returns the program, if known, that changed our rules since the last call of a method of this watch; empty if
     * only Fairlead changed them.
     *
     * @throws IllegalStateException if the kernel does not answer; then another program may have changed the rules
     */
    Optional<String> changedByOthers();

    @Override
    void close();
}
