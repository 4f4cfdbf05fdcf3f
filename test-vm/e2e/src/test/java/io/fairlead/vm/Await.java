package io.fairlead.vm;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Polls until a condition holds or a time limit is reached. */
final class Await {
    private static final Duration STEP = Duration.ofMillis(20);

    private Await() {}

    /**
     * Polls until the condition holds.
     *
     * @param most time limit, from now on
     * @param otherwise description of the failure when the limit is reached
     * @return the time that it took
     */
    static Duration until(BooleanSupplier so, Duration most, Supplier<String> otherwise) {
        long begun = System.nanoTime();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - begun > most.toNanos()) {
                throw new AssertionError("not within " + most.toMillis() + " ms: " + otherwise.get());
            }
            pause();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Sleeps between two polls. */
    static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
