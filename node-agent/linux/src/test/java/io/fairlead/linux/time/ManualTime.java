package io.fairlead.linux.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** A clock that only a test advances. A waiting thread notices an advance within a millisecond of real time. */
public final class ManualTime implements TimeSource {
    /**
     * The first time of the clock. It is far from the present, so that a test fails if it mixes this clock with the
     * real clock.
     */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);

    private final long perReading;
    private final AtomicLong passed = new AtomicLong();
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();

    /** Creates a clock that advances only when {@link #advance} is called. */
    public ManualTime() {
        this(0);
    }

    private ManualTime(long perReading) {
        this.perReading = perReading;
    }

    /**
     * Creates a clock that also advances by this duration at each call of {@link #nanoTime}, so that every measured
     * duration is greater than 0.
     */
    public static ManualTime ticking(Duration perReading) {
        return new ManualTime(perReading.toNanos());
    }

    @Override
    public Instant instant() {
        return START.plusNanos(passed.get());
    }

    @Override
    public long nanoTime() {
        return passed.addAndGet(perReading);
    }

    /** Advances the clock. */
    public void advance(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }

    /** Returns whether a thread waits for a time that is later than the current time of the clock. */
    public boolean isWaiting(Thread thread) {
        return waiting.getOrDefault(thread, Long.MIN_VALUE) > passed.get();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers of this method have the loops
    public void awaitUntil(Condition condition, long deadline) throws InterruptedException {
        waiting.put(Thread.currentThread(), deadline);
        try {
            if (deadline > passed.get()) {
                var _ = condition.awaitNanos(STEP); // may end without a signal, as any wait for a condition
            }
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }
}
