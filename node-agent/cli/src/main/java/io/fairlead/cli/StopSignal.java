package io.fairlead.cli;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handles the signals SIGTERM and SIGINT: the agent ends after the current update of the rules, and the exit status of
 * the process is 0. If the agent does not end within 30 s, the process ends with the exit status of the signal.
 */
final class StopSignal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /**
     * Starts to handle the signals.
     *
     * @param loop the thread of the agent, which is interrupted if closing fails
     * @param work closed when a signal arrives; the thread of the agent must then end and close this object
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
