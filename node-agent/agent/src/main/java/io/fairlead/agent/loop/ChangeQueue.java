package io.fairlead.agent.loop;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.linux.time.TimeSource;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cluster changes that wait for a round. A source adds them and the loop takes them. Of several changes of one
 * object only the last is kept, so a burst of events between two rounds is the work of one round. Thread-safe.
 */
public final class ChangeQueue implements ClusterSink, Closeable {

    /**
     * Gets each call at once, before the round that it causes. It runs on the thread of the source, so it must return
     * quickly.
     */
    public interface Observer {
        /** An object has changed. */
        void changed(ClusterChange change);

        /** Something in an object is wrong. */
        void problem(Problem problem);

        /**
         * Everything that the source had at the start has been delivered.
         *
         * @param nodeKnown whether it contained a Node
         */
        void synced(boolean nodeKnown);
    }

    /** The number of objects of two kinds. */
    public record Counts(int services, int slices) {
        static final Counts NONE = new Counts(0, 0);

        static Counts of(Iterable<ClusterChange> changes) {
            int services = 0;
            int slices = 0;
            for (ClusterChange change : changes) {
                switch (change) {
                    case ClusterChange.Service _ -> services++;
                    case ClusterChange.Slice _ -> slices++;
                    case ClusterChange.Node _, ClusterChange.ServiceCidr _ -> {
                        // no metric counts these kinds
                    }
                }
            }
            return new Counts(services, slices);
        }

        Counts plus(Counts other) {
            return new Counts(services + other.services, slices + other.slices);
        }
    }

    /** Identifies an object. Keys are unique only within a kind. */
    private record Id(Class<? extends ClusterChange> kind, Object key) {
        static Id of(ClusterChange change) {
            return new Id(change.getClass(), change.key());
        }
    }

    private final Observer observer;
    private final TimeSource time;
    private final Instant started;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    private final Map<Id, ClusterChange> waiting = new LinkedHashMap<>();
    private final Map<Object, List<Instant>> triggers = new LinkedHashMap<>();
    private final Map<String, NodeObject> nodes = new HashMap<>();
    private Counts unconfirmed = Counts.NONE;
    private boolean synced;
    private boolean due;
    private boolean closed;

    /** Creates an empty queue. Changes of pods before this moment are not measured (EPS-16). */
    public ChangeQueue(Observer observer, TimeSource time) {
        this.observer = observer;
        this.time = time;
        this.started = time.instant();
    }

    @Override
    public void changed(List<ClusterChange> changes) {
        lock.lock();
        try {
            for (ClusterChange change : changes) {
                waiting.put(Id.of(change), change);
                note(change);
            }
            due = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
        changes.forEach(observer::changed);
    }

    private void note(ClusterChange change) {
        switch (change) {
            case ClusterChange.Slice slice -> note(slice);
            case ClusterChange.Node(var name, var node) -> {
                if (node == null) {
                    nodes.remove(name);
                } else {
                    nodes.put(name, node);
                }
            }
            case ClusterChange.Service _, ClusterChange.ServiceCidr _ -> {
                // only while it waits
            }
        }
    }

    private void note(ClusterChange.Slice slice) {
        Instant triggered = slice.triggered();
        if (slice.isGone()) {
            triggers.remove(slice.key());
        } else if (triggered != null && synced && !triggered.isBefore(started)) {
            triggers.computeIfAbsent(slice.key(), _ -> new ArrayList<>()).add(triggered);
        }
    }

    @Override
    public void synced() {
        boolean nodeKnown;
        lock.lock();
        try {
            synced = true;
            due = true;
            nodeKnown = !nodes.isEmpty();
            signal.signalAll();
        } finally {
            lock.unlock();
        }
        observer.synced(nodeKnown);
    }

    @Override
    public void problem(Problem problem) {
        observer.problem(problem);
    }

    /** Takes all waiting changes. */
    public ChangeBatch take() {
        lock.lock();
        try {
            ChangeBatch batch = new ChangeBatch(
                    List.copyOf(waiting.values()),
                    triggers.values().stream().flatMap(List::stream).toList());
            unconfirmed = unconfirmed.plus(Counts.of(waiting.values()));
            waiting.clear();
            triggers.clear();
            due = false;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The kernel has the rules of all changes that were taken. */
    void confirm() {
        lock.lock();
        try {
            unconfirmed = Counts.NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of changes that are not in the kernel yet, taken or not (MET-4, MET-5). */
    public Counts pending() {
        lock.lock();
        try {
            return unconfirmed.plus(Counts.of(waiting.values()));
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a change of a Service or a slice waits for a round. */
    public boolean isWaiting() {
        lock.lock();
        try {
            return !Counts.of(waiting.values()).equals(Counts.NONE);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the waiting changes for people, one object a line. */
    public String text() {
        lock.lock();
        try {
            return waiting.values().stream().map(change -> change.text() + "\n").collect(Collectors.joining());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first complete view (SYNC-1).
     *
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    public void awaitSynced() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!synced) {
                signal.await();
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the current Node; null if it is not known. */
    public @Nullable NodeObject node(String name) {
        lock.lock();
        try {
            return nodes.get(name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a Node that meets a condition.
     *
     * @return the Node; null if the time passed first
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    public @Nullable NodeObject awaitNode(String name, Predicate<NodeObject> condition, Duration most)
            throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (true) {
                NodeObject node = nodes.get(name);
                if (node != null && condition.test(node)) {
                    return node;
                }
                if (left <= 0) {
                    return null;
                }
                left = time.await(signal, left);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a change or for the time to pass.
     *
     * @return whether there is a change
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    boolean await(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (!due && left > 0) {
                left = time.await(signal, left);
                throwIfClosed();
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the time to pass, even if objects change (SYNC-2). */
    void pause(Duration duration) throws InterruptedException {
        long left = duration.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (left > 0) {
                left = time.await(signal, left);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfClosed() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the agent is stopping");
        }
    }
}
