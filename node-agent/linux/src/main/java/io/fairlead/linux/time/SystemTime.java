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
    public void awaitUntil(Condition condition, long deadline) throws InterruptedException {
        var _ = condition.awaitNanos(deadline - System.nanoTime());
    }
}
