package io.fairlead.localhost;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tasks from any thread that the thread of a selector runs between two selections. After the end of that thread, no
 * task is accepted, so that no caller waits for it.
 */
final class SelectorTasks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean ended;

    /** Adds a task. Returns false if the thread has ended; the task is not run then. */
    boolean add(Runnable task) {
        lock.lock();
        try {
            return !ended && waiting.add(task);
        } finally {
            lock.unlock();
        }
    }

    /** Runs all tasks. Only the thread of the selector calls this method. */
    void run() {
        for (Runnable task = next(false); task != null; task = next(false)) {
            task.run();
        }
    }

    /** Runs all tasks, and accepts no more. Only the thread of the selector calls this method. */
    void end() {
        for (Runnable task = next(true); task != null; task = next(true)) {
            task.run();
        }
    }

    /** Returns whether {@link #end} has been called. */
    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable next(boolean last) {
        lock.lock();
        try {
            ended |= last;
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }
}
