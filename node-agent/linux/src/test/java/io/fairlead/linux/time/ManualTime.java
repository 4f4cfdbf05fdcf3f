package io.fairlead.linux.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** A time source that only a test advances. A waiting thread wakes up within a millisecond of real time. */
public final class ManualTime implements TimeSource {
    /** Any moment far from now, so that a test fails if it mixes this clock with the real one. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);

    private final long perReading;
    private final AtomicLong passed = new AtomicLong();
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();

    /** Creates a time that advances only when a test says so. */
    public ManualTime() {
        this(0);
    }

    private ManualTime(long perReading) {
        this.perReading = perReading;
    }

    /**
     * Creates a time that advances a little at each call of {@link #nanoTime}, so that every measured time is greater
     * than 0.
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

    /** Advances the time. */
    public void advance(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }

    /** Returns whether this thread waits for more than the current moment. */
    public boolean isWaiting(Thread thread) {
        return waiting.getOrDefault(thread, Long.MIN_VALUE) > passed.get();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers' loops
    public long await(Condition condition, long nanos) throws InterruptedException {
        long deadline = passed.get() + nanos;
        waiting.put(Thread.currentThread(), deadline);
        try {
            if (nanos > 0) {
                condition.awaitNanos(STEP); // ends without a signal, too, as any wait for a condition may
            }
            return deadline - passed.get();
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }
}
