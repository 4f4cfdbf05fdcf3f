package io.fairlead.agent.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;

/**
 * The time, and waiting for it to pass. The agent reads no other clock, so a test that brings its own decides when
 * periods end. Thread-safe.
 */
public interface TimeSource extends InstantSource {

    /** Counts up steadily, as {@link System#nanoTime} does; only differences mean anything. */
    long nanoTime();

    /**
     * Waits for a signal or for the time to pass, as {@link Condition#awaitNanos} does. The caller holds the
     * condition's lock.
     *
     * @return the nanoseconds that are left; 0 or less if the time has passed
     * @throws InterruptedException if this thread is interrupted
     */
    long await(Condition condition, long nanos) throws InterruptedException;

    /** How long ago {@link #nanoTime} had this value. */
    default Duration since(long begun) {
        return Duration.ofNanos(nanoTime() - begun);
    }
}
