package io.fairlead.vm;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that takes as long as it takes, but not longer than it may. */
final class Await {
    private static final Duration STEP = Duration.ofMillis(20);

    private Await() {}

    /**
     * Until it is so.
     *
     * @param most from now on
     * @param otherwise what is the matter if it is not so then
     * @return how long it took
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

    /** A moment. */
    static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
