package io.fairlead.bench.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Measures the memory of a process and its descendants several times a second, and keeps the largest value. */
final class PeakMemory implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(200);

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final Thread thread;
    private volatile Memory peak = new Memory(0);

    PeakMemory(ProcessHandle root) {
        thread = Thread.ofPlatform().daemon().name("peak-memory").start(() -> {
            while (goesOn.get()) {
                Memory now = Memory.of(root);
                if (now.kib() > peak.kib()) {
                    peak = now;
                }
                pause();
            }
        });
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Memory peak() {
        return peak;
    }

    @Override
    public void close() {
        goesOn.set(false);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
