package io.fairlead.core.rules;

import java.util.Optional;

/**
 * Tells a backend whether somebody else has changed its rules, without reading them: a question takes some
 * microseconds, whatever their number. The backend says what it does itself, so that this is not taken for the work of
 * others. One thread only.
 *
 * @param <T> the backend's transactions
 */
public interface RuleWatch<T> extends AutoCloseable {

    /** Our rules are about to be read: what has happened until now will be seen. */
    void reading();

    /** The kernel has just taken this transaction of ours; it is said of each by itself. */
    void committed(T transaction);

    /**
     * Who, as far as is known, has changed our rules since the last call of anything here; empty if nobody did.
     *
     * @throws IllegalStateException if the kernel does not answer; then it may have been anybody
     */
    Optional<String> changedByOthers();

    @Override
    void close();
}
