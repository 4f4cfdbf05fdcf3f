package io.fairlead.linux.time;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * The clocks of this machine. Only the code that assembles the program creates an instance; other classes receive it as
 * a parameter.
 */
public final class SystemTime implements TimeSource {

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller of this method has the loop
    public long await(Condition condition, long nanos) throws InterruptedException {
        return condition.awaitNanos(nanos);
    }
}
