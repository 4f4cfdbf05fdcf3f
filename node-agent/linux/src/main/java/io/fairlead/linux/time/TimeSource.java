package io.fairlead.linux.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;

/**
 * A clock, and a way to wait on it. The agent uses no other clock, so a test with its own implementation decides when a
 * waiting time ends. Implementations are thread-safe.
 */
public interface TimeSource extends InstantSource {

    /**
     * Returns a count of nanoseconds that never decreases, like {@link System#nanoTime}. Only the difference between
     * two results has a meaning.
     */
    long nanoTime();

    /**
     * Waits until the condition is signalled or the time has passed, like {@link Condition#awaitNanos}. The caller
     * holds the lock of the condition.
     *
     * @return the remaining nanoseconds; 0 or less if the time has passed
     * @throws InterruptedException if this thread is interrupted
     */
    long await(Condition condition, long nanos) throws InterruptedException;

    /** Returns the time since {@link #nanoTime} returned this value. */
    default Duration since(long begun) {
        return Duration.ofNanos(nanoTime() - begun);
    }
}
