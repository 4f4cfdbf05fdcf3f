package io.fairlead.bench.cluster;

import io.fairlead.lab.LabHost;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A pool of threads in a host's network namespace. The host's own thread starts them, because a new thread begins in
 * the namespace of the thread that starts it.
 */
final class NamespaceThreads implements AutoCloseable {
    private final ThreadPoolExecutor pool;

    NamespaceThreads(LabHost host, int threads) {
        pool = host.inside(() -> {
            ThreadPoolExecutor made = new ThreadPoolExecutor(
                    threads,
                    threads,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Executors.defaultThreadFactory());
            made.prestartAllCoreThreads();
            return made;
        });
    }

    <T> Future<T> submit(Callable<T> task) {
        return pool.submit(task);
    }

    <T> T call(Callable<T> task) {
        return result(submit(task));
    }

    /** Waits for the result. */
    static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchException known) {
                throw known;
            }
            throw new BenchException("a task failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
