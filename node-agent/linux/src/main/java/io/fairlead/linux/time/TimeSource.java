package io.fairlead.linux.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;

/**
 * The time, and waiting for time to pass. The agent reads no other clock, so a test with its own source decides when
 * periods end. Thread-safe.
 */
public interface TimeSource extends InstantSource {

    /** Returns a steadily growing count, as {@link System#nanoTime} does. Only differences have a meaning. */
    long nanoTime();

    /**
     * Waits for a signal or for the time to pass, as {@link Condition#awaitNanos} does. The caller holds the lock of
     * the condition.
     *
     * @return the nanoseconds that are left; 0 or less if the time has passed
     * @throws InterruptedException if this thread is interrupted
     */
    long await(Condition condition, long nanos) throws InterruptedException;

    /** Returns the time since {@link #nanoTime} had this value. */
    default Duration since(long begun) {
        return Duration.ofNanos(nanoTime() - begun);
    }
}
