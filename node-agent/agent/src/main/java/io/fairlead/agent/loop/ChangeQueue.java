package io.fairlead.agent.loop;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The changes of cluster objects that wait for the next round. A source adds changes and the loop takes them. If an
 * object changes several times between two rounds, only its last change is kept, so that the next round handles the
 * object once. Thread-safe.
 */
public final class ChangeQueue implements ClusterSink, Closeable {

    /**
     * Receives changes and problems immediately, before a round handles them. The methods are called in the thread of
     * the source, so they must return quickly.
     */
    public interface Observer {
        /** Reports that an object has changed. */
        void changed(ClusterChange change);

        /** Reports a problem of an object. */
        void problem(Problem problem);

        /**
         * Reports that all objects that existed at the start have been delivered.
         *
         * @param nodeKnown whether a Node was delivered
         */
        void synced(boolean nodeKnown);
    }

    /** The numbers of Services and slices. */
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
                        // No metric counts these kinds.
                    }
                }
            }
            return new Counts(services, slices);
        }

        Counts plus(Counts other) {
            return new Counts(services + other.services, slices + other.slices);
        }
    }

    /** Identifies an object. The kind is needed because keys are unique only within a kind. */
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

    /** Creates an empty queue. Changes of pods before this moment are not reported as triggers (EPS-16). */
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
                // These kinds are kept only while they wait.
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

    /** Ignores the names, because no rule depends on them. */
    @Override
    public void pods(Supplier<PodNames> names) {}

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

    /** Records that the kernel has the rules for all changes that were taken. */
    void confirm() {
        lock.lock();
        try {
            unconfirmed = Counts.NONE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the numbers of changed Services and slices whose rules are not in the kernel yet. Changes that wait and
     * changes that a round has taken are counted (MET-4, MET-5).
     */
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

    /** Returns the waiting changes as text for users, one line for each object. */
    public String text() {
        lock.lock();
        try {
            return waiting.values().stream().map(change -> change.text() + "\n").collect(Collectors.joining());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all objects that existed at the start have been delivered (SYNC-1).
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

    /** Returns the current Node object with this name; null if it is not known. */
    public @Nullable NodeObject node(String name) {
        lock.lock();
        try {
            return nodes.get(name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the Node object with this name meets a condition.
     *
     * @param most the longest wait
     *
     * @return the Node; null if the time passed first
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    public @Nullable NodeObject awaitNode(String name, Predicate<NodeObject> condition, Duration most)
            throws InterruptedException {
        long deadline = time.nanoTime() + most.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (true) {
                NodeObject node = nodes.get(name);
                if (node != null && condition.test(node)) {
                    return node;
                }
                if (deadline - time.nanoTime() <= 0) {
                    return null;
                }
                time.awaitUntil(signal, deadline);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is a change or the time has passed.
     *
     * @return whether a change waits
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    boolean await(Duration most) throws InterruptedException {
        return awaitUntil(time.nanoTime() + most.toNanos());
    }

    /**
     * Waits as {@link #await} does, but until a deadline.
     *
     * @param deadline a value of {@link TimeSource#nanoTime}
     */
    boolean awaitUntil(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (!due && deadline - time.nanoTime() > 0) {
                time.awaitUntil(signal, deadline);
                throwIfClosed();
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the time has passed, even if objects change (SYNC-2). */
    void pause(Duration duration) throws InterruptedException {
        long deadline = time.nanoTime() + duration.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (deadline - time.nanoTime() > 0) {
                time.awaitUntil(signal, deadline);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits with an InterruptedException. */
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
