package io.fairlead.cli;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Handles SIGTERM and SIGINT: the current round ends, and the exit status of the process is 0. */
final class StopSignal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /**
     * Handles the signals from now on.
     *
     * @param loop is interrupted if closing fails
     * @param work is closed, and then ends
     */
    StopSignal(Thread loop, Closeable work) {
        hook = new Thread(() -> {
            stopped.set(true);
            try {
                work.close();
                if (ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(ExitCode.OK);
                }
            } catch (IOException | InterruptedException _) {
                loop.interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean stopped() {
        return stopped.get();
    }

    @Override
    public void close() {
        ended.countDown();
        if (!stopped.get()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
