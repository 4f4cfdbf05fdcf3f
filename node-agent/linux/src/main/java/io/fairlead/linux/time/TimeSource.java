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
     * Waits until the condition is signalled or the deadline is reached, like {@link Condition#awaitNanos}. The caller
     * holds the lock of the condition. The wait may also end earlier without a reason, so the caller waits in a loop.
     *
     * @param deadline a value of {@link #nanoTime}. It is absolute, so that no time is lost between two waits
     * @throws InterruptedException if this thread is interrupted
     */
    void awaitUntil(Condition condition, long deadline) throws InterruptedException;

    /** Returns the time since {@link #nanoTime} returned this value. */
    default Duration since(long begun) {
        return Duration.ofNanos(nanoTime() - begun);
    }
}
