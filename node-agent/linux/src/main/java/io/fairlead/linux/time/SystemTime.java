package io.fairlead.linux.time;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** The clocks of this machine. Only the composition root creates one and passes it on. */
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
    @SuppressWarnings("WaitNotInLoop") // the caller's loop
    public long await(Condition condition, long nanos) throws InterruptedException {
        return condition.awaitNanos(nanos);
    }
}
