package io.fairlead.agent.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/**
 * Time that passes when a test says so. A thread that waits for it wakes up a millisecond of real time later at most.
 */
public final class ManualTime implements TimeSource {
    /** An arbitrary moment, so that a test that mixes this clock with the real one fails. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);

    private final long perReading;
    private final AtomicLong passed = new AtomicLong();
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();

    /** Time that stands still unless a test says otherwise. */
    public ManualTime() {
        this(0);
    }

    private ManualTime(long perReading) {
        this.perReading = perReading;
    }

    /** Time of which a little passes whenever {@link #nanoTime} is read, so that whatever is measured takes some. */
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

    /** Lets time pass. */
    public void advance(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }

    /** Whether this thread waits, and not only until now. */
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
