package io.fairlead.lab;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A platform thread in a network namespace. A socket permanently belongs to the namespace of the thread that creates
 * it; afterwards any thread may use the socket. The same is true of an open file below /proc/sys/net.
 */
final class NamespaceThread implements AutoCloseable {
    private final String namespace;
    private final ExecutorService executor;

    /**
     * Starts the thread and moves it into the namespace.
     *
     * @param namespace the name of the namespace as in {@code ip netns}
     * @throws LabException if the namespace cannot be entered
     */
    NamespaceThread(String namespace) {
        this.namespace = namespace;
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("in-" + namespace).factory());
        try {
            call(() -> {
                NetworkNamespace.of(Libc.load(), namespace).enter();
                return namespace;
            });
        } catch (RuntimeException e) {
            executor.shutdownNow();
            throw e;
        }
    }

    /**
     * Runs a task on the thread and waits for its result.
     *
     * @throws LabException if the task throws, or if the thread has ended
     */
    <T> T call(Callable<T> task) {
        Future<T> future;
        try {
            future = executor.submit(task);
        } catch (RejectedExecutionException e) {
            throw new LabException(namespace + " is gone", e);
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LabException known) {
                throw known;
            }
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new LabException("in " + namespace + ": " + cause, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted in " + namespace, e);
        }
    }

    /**
     * Interrupts the current task and ends the thread. If the thread does not end within 2 s, it continues to run; it
     * is a daemon thread, so the JVM can end nevertheless.
     */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            boolean _ = executor.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
