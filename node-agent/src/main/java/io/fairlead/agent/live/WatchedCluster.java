package io.fairlead.agent.live;

import io.fairlead.agent.kubernetes.ClusterInput;
import io.fairlead.agent.kubernetes.Problem;
import io.fairlead.agent.sync.ClusterSource;
import io.fairlead.agent.watch.ClusterSink;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the API server has told so far: written by the watch, read by the loop. A burst of events between two rounds is one
 * round's work.
 */
final class WatchedCluster implements ClusterSink, ClusterSource, Closeable {

    /** Is told of each event; returns at once. */
    interface Listener {
        void serviceChanged();

        void sliceChanged();

        void nodeChanged(@Nullable NodeObject node);
    }

    /**
     * What came in since the last batch.
     *
     * @param services how many Services changed
     * @param slices how many slices changed
     * @param triggers when the pods changed that made them change
     */
    record Batch(int services, int slices, List<Instant> triggers) {
        Batch {
            triggers = List.copyOf(triggers);
        }
    }

    private final Listener listener;
    private final Consumer<Problem> problems;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<ServiceName, ServiceObject> services = new TreeMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new TreeMap<>();
    private final Map<String, NodeObject> nodes = new HashMap<>();
    private final Map<String, ServiceCidrObject> cidrs = new HashMap<>();
    private final Set<ServiceName> changedServices = new HashSet<>();
    private final Set<SliceObject.Key> changedSlices = new HashSet<>();
    private final List<Instant> triggers = new ArrayList<>();
    private boolean synced;
    private boolean changed;
    private boolean closed;

    WatchedCluster(Listener listener, Consumer<Problem> problems) {
        this.listener = listener;
        this.problems = problems;
    }

    @Override
    public void put(ServiceObject service) {
        change(() -> {
            services.put(service.name(), service);
            changedServices.add(service.name());
        });
        listener.serviceChanged();
    }

    @Override
    public void remove(ServiceName name) {
        change(() -> {
            services.remove(name);
            changedServices.add(name);
        });
        listener.serviceChanged();
    }

    @Override
    public void put(SliceObject slice, @Nullable Instant triggered) {
        change(() -> {
            slices.put(slice.key(), slice);
            changedSlices.add(slice.key());
            if (triggered != null && synced) {
                triggers.add(triggered);
            }
        });
        listener.sliceChanged();
    }

    @Override
    public void remove(SliceObject.Key key) {
        change(() -> {
            slices.remove(key);
            changedSlices.add(key);
        });
        listener.sliceChanged();
    }

    @Override
    public void put(NodeObject node) {
        change(() -> nodes.put(node.name(), node));
        listener.nodeChanged(node);
    }

    @Override
    public void removeNode(String name) {
        change(() -> nodes.remove(name));
        listener.nodeChanged(null);
    }

    @Override
    public void put(ServiceCidrObject cidr) {
        change(() -> cidrs.put(cidr.name(), cidr));
    }

    @Override
    public void removeServiceCidr(String name) {
        change(() -> cidrs.remove(name));
    }

    @Override
    public void synced() {
        boolean nodeKnown;
        lock.lock();
        try {
            synced = true;
            changed = true;
            nodeKnown = !nodes.isEmpty();
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (!nodeKnown) {
            listener.nodeChanged(null);
        }
    }

    @Override
    public void problem(Problem problem) {
        problems.accept(problem);
    }

    /** Copies references; objects are shared. */
    @Override
    public ClusterInput read() {
        lock.lock();
        try {
            ClusterState state = ClusterState.of(services, slices, nodes, cidrs);
            int endpoints = slices.values().stream()
                    .mapToInt(slice -> slice.endpoints().size())
                    .sum();
            ClusterInput.Counts counts = new ClusterInput.Counts(
                    services.size(),
                    slices.size(),
                    endpoints,
                    nodes.size(),
                    cidrs.size(),
                    (int) state.slicesWithoutService(),
                    0,
                    0);
            return new ClusterInput(state, List.of(), counts, List.of());
        } finally {
            lock.unlock();
        }
    }

    /** What came in since the last time; taken before {@link #read} so that nothing is counted as done that is not. */
    Batch take() {
        lock.lock();
        try {
            Batch batch = new Batch(changedServices.size(), changedSlices.size(), triggers);
            changedServices.clear();
            changedSlices.clear();
            triggers.clear();
            changed = false;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** How much waits for a round. */
    Batch waiting() {
        lock.lock();
        try {
            return new Batch(changedServices.size(), changedSlices.size(), List.of());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first complete view (SYNC-1).
     *
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    void awaitSynced() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!synced) {
                news.await();
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a Node.
     *
     * @return null if it was not there, and so, when the time was over
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    @Nullable
    NodeObject awaitNode(String name, Predicate<NodeObject> condition, Duration most) throws InterruptedException {
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
                left = news.awaitNanos(left);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first complete view, but no longer than this.
     *
     * @return whether it is there
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    boolean awaitSynced(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (!synced && left > 0) {
                left = news.awaitNanos(left);
                throwIfClosed();
            }
            return synced;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a change or for the time to pass.
     *
     * @throws InterruptedException if this thread is interrupted, or {@link #close} is called
     */
    void await(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (!changed && left > 0) {
                left = news.awaitNanos(left);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the time to pass, whatever changes (SYNC-2). */
    void pause(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (left > 0) {
                left = news.awaitNanos(left);
                throwIfClosed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfClosed() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("told to stop");
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
