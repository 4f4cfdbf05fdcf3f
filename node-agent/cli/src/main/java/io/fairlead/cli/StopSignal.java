package io.fairlead.cli;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** SIGTERM and SIGINT: lets the round that is running end, and gives the process exit status 0. */
final class StopSignal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /**
     * From now on.
     *
     * @param loop is interrupted if closing fails
     * @param work is closed, and then ends by itself
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
