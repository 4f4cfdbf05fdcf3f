package io.fairlead.lab;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A platform thread that lives in a network namespace. A socket belongs for good to the namespace of the thread that
 * creates it and may then be used by any thread; so do files below /proc/sys/net while they are open.
 */
final class NamespaceThread implements AutoCloseable {
    private final String namespace;
    private final ExecutorService executor;

    /**
     * Starts a thread and moves it.
     *
     * @param namespace as {@code ip netns} knows it
     * @throws LabException if it cannot be entered
     */
    NamespaceThread(String namespace) {
        this.namespace = namespace;
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("in-" + namespace).factory());
        try {
            call(() -> {
                LibC.instance().enterNetworkNamespace("/run/netns/" + namespace);
                return namespace;
            });
        } catch (RuntimeException e) {
            executor.shutdownNow();
            throw e;
        }
    }

    /**
     * Runs something on the thread and waits for it.
     *
     * @throws LabException if it throws, or if the thread has been ended
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
     * Ends the thread; what it runs is interrupted. One that does not end within 2 s is left to itself: it is a daemon.
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
