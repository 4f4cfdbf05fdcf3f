package io.fairlead.agent.live;

import io.fairlead.agent.sync.ClusterSource;
import io.fairlead.agent.time.TimeSource;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.plan.Planner;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the API server has told since the last round: written by the watch, taken by the loop. Of an object that changed more
 * than once only the last state is kept, so a burst of events between two rounds is one round's work; what has been taken is
 * the planner's.
 */
final class WatchedCluster implements ClusterSink, ClusterSource, Closeable {

    /** Is told of each event; returns at once. */
    interface Listener {
        void serviceChanged();

        void sliceChanged();

        void nodeChanged(@Nullable NodeObject node);
    }

    /**
     * What came in between two rounds.
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
    private final Map<ServiceName, Consumer<Planner>> services = new LinkedHashMap<>();
    private final Map<SliceObject.Key, Consumer<Planner>> slices = new LinkedHashMap<>();
    private final List<Consumer<Planner>> others = new ArrayList<>();
    private final Map<String, NodeObject> nodes = new HashMap<>();
    private final TimeSource time;
    private final Instant started;
    private final Map<SliceObject.Key, List<Instant>> triggers = new LinkedHashMap<>();
    private Batch taken = new Batch(0, 0, List.of());
    private int unconfirmedServices;
    private int unconfirmedSlices;
    private boolean synced;
    private boolean changed;
    private boolean closed;

    /** Knows nothing yet. Changes of pods from before now are not counted against this process (EPS-16). */
    WatchedCluster(Listener listener, TimeSource time, Consumer<Problem> problems) {
        this.listener = listener;
        this.time = time;
        this.started = time.instant();
        this.problems = problems;
    }

    @Override
    public void put(ServiceObject service) {
        change(() -> services.put(service.name(), planner -> planner.put(service)));
        listener.serviceChanged();
    }

    @Override
    public void remove(ServiceName name) {
        change(() -> services.put(name, planner -> planner.remove(name)));
        listener.serviceChanged();
    }

    @Override
    public void put(SliceObject slice, @Nullable Instant triggered) {
        change(() -> {
            slices.put(slice.key(), planner -> planner.put(slice));
            if (triggered != null && synced && !triggered.isBefore(started)) {
                triggers.computeIfAbsent(slice.key(), _ -> new ArrayList<>()).add(triggered);
            }
        });
        listener.sliceChanged();
    }

    @Override
    public void remove(SliceObject.Key key) {
        change(() -> {
            slices.put(key, planner -> planner.remove(key));
            triggers.remove(key);
        });
        listener.sliceChanged();
    }

    @Override
    public void put(NodeObject node) {
        change(() -> {
            nodes.put(node.name(), node);
            others.add(planner -> planner.put(node));
        });
        listener.nodeChanged(node);
    }

    @Override
    public void removeNode(String name) {
        change(() -> {
            nodes.remove(name);
            others.add(planner -> planner.removeNode(name));
        });
        listener.nodeChanged(null);
    }

    @Override
    public void put(ServiceCidrObject cidr) {
        change(() -> others.add(planner -> planner.put(cidr)));
    }

    @Override
    public void removeServiceCidr(String name) {
        change(() -> others.add(planner -> planner.removeServiceCidr(name)));
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

    /** Tells of each object that changed since the last call; {@link #taken} says how many. */
    @Override
    public Optional<ClusterInput> feed(Planner planner) {
        List<Consumer<Planner>> changes = new ArrayList<>();
        lock.lock();
        try {
            taken = new Batch(
                    services.size(),
                    slices.size(),
                    triggers.values().stream().flatMap(List::stream).toList());
            unconfirmedServices += services.size();
            unconfirmedSlices += slices.size();
            changes.addAll(others);
            changes.addAll(services.values());
            changes.addAll(slices.values());
            others.clear();
            services.clear();
            slices.clear();
            triggers.clear();
            changed = false;
        } finally {
            lock.unlock();
        }
        changes.forEach(change -> change.accept(planner));
        return Optional.empty();
    }

    /** What the last {@link #feed} told. */
    Batch taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** All that was fed is in the kernel. */
    void confirm() {
        lock.lock();
        try {
            unconfirmedServices = 0;
            unconfirmedSlices = 0;
        } finally {
            lock.unlock();
        }
    }

    /** How much is not in the kernel yet, fed or not (MET-4, MET-5). */
    Batch pending() {
        lock.lock();
        try {
            return new Batch(unconfirmedServices + services.size(), unconfirmedSlices + slices.size(), List.of());
        } finally {
            lock.unlock();
        }
    }

    /** How much waits for a round. */
    Batch waiting() {
        lock.lock();
        try {
            return new Batch(services.size(), slices.size(), List.of());
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
                left = time.await(news, left);
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
            while (!changed && left > 0) {
                left = time.await(news, left);
                throwIfClosed();
            }
            return changed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the time to pass, whatever changes (SYNC-2). */
    void pause(Duration least) throws InterruptedException {
        long left = least.toNanos();
        lock.lockInterruptibly();
        try {
            throwIfClosed();
            while (left > 0) {
                left = time.await(news, left);
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
