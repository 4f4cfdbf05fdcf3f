package io.fairlead.conntrack;

import io.fairlead.conntrack.ConntrackTable.Removal;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.linux.Libc;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes stale UDP flows from conntrack after the rules have changed, on its own thread. The removal is needed because
 * rules apply only to the first packet of a flow. Without it, the packets of a client that keeps sending from one port
 * would still reach an endpoint that no longer serves.
 *
 * <p>The thread that applies rules calls {@link #planned} and {@link #committed}, which store the changes and return.
 * If a removal fails (no permission, no kernel module, a table of a million flows), {@link #status} and the log have
 * the reason, and the removal is repeated. Neither a slow nor a failed removal delays rules.
 */
public final class ConntrackReconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConntrackReconciler.class);

    /**
     * The thread has a low priority, because rules are more urgent than flows: on a node with one busy processor the
     * check of flows takes longer, but the rules are not delayed.
     */
    private static final int NICENESS = 10;

    private static final Duration PATIENCE_AT_CLOSE = NetlinkSocket.PATIENCE.plusSeconds(1);

    private final Supplier<? extends ConntrackTable> kernel;
    private final Supplier<Host> host;
    private final Consumer<ConntrackPass> observer;
    private final Pace pace;
    private final TimeSource time;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private UdpFrontends planned = new UdpFrontends();
    private UdpFrontends committed = new UdpFrontends();
    private @Nullable Instant committedSince;
    private ConntrackStatus status;
    private boolean closing;

    // Only the reconciler's thread uses the following fields.
    private final UdpFrontends frontends = new UdpFrontends();
    private final Set<IpFamily> toSweep = EnumSet.noneOf(IpFamily.class);
    private @Nullable ConntrackTable table;
    private int failuresInARow;

    /**
     * Creates a reconciler, but does not start its thread.
     *
     * @param kernel opens the table of flows; called on the reconciler's thread, and again after every failure
     * @param host returns the node's own addresses; called on the reconciler's thread before each check that needs them
     * @param observer called on the reconciler's thread after each check of the flows of one family; not called if the
     *     table could not be read
     */
    ConntrackReconciler(
            Supplier<? extends ConntrackTable> kernel,
            Supplier<Host> host,
            Consumer<ConntrackPass> observer,
            Pace pace,
            TimeSource time) {
        this.kernel = kernel;
        this.host = host;
        this.observer = observer;
        this.pace = pace;
        this.time = time;
        this.status = ConntrackStatus.atStart(time.instant());
        this.thread = Thread.ofPlatform().daemon().name("conntrack").unstarted(this::run);
    }

    /**
     * Starts a reconciler for the conntrack table of the kernel.
     *
     * @param namespace the name of the network namespace as in {@code ip netns}; null for the namespace of the calling
     *     thread
     * @param host returns the current addresses of the node; called on the reconciler's thread, so it may be slow
     * @param observer called on the reconciler's thread after each check of one family, including repeated checks; not
     *     called if the table could not be read
     */
    public static ConntrackReconciler start(
            @Nullable String namespace, Supplier<Host> host, Consumer<ConntrackPass> observer, TimeSource time) {
        Supplier<ConntrackTable> kernel = () -> {
            yieldToOthers();
            return NetlinkConntrack.open(namespace == null ? "" : namespace);
        };
        return new ConntrackReconciler(kernel, host, observer, Pace.DEFAULT, time).start();
    }

    /**
     * Lowers the priority of the calling thread permanently. If the kernel refuses this, the priority does not change.
     */
    private static void yieldToOthers() {
        try {
            Libc.load().setpriority(0, 0, NICENESS);
        } catch (ProgramMissingException _) {
            // Without the C library conntrack cannot be used. The next call reports this.
        }
    }

    ConntrackReconciler start() {
        thread.start();
        return this;
    }

    /**
     * Stores the changes of a new plan. Call it for every plan delta, in order, whether or not its rules are applied.
     */
    public void planned(PlanDelta delta) {
        UdpChanges changes = UdpChanges.of(delta);
        if (changes.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            planned.apply(changes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts a check of the flows (CT-8). Call it when the kernel has the rules of all deltas that were passed to
     * {@link #planned}. The method does not wait for the check.
     */
    public void committed() {
        lock.lock();
        try {
            if (planned.isEmpty()) {
                return;
            }
            if (committed.isEmpty()) {
                committed = planned;
                committedSince = time.instant();
            } else {
                committed.apply(planned);
            }
            planned = new UdpFrontends();
            if (status.waitingSince() == null) {
                status = status.withWaitingSince(committedSince);
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the current status. Any thread may call it. */
    public ConntrackStatus status() {
        lock.lock();
        try {
            return status;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the flows of all committed changes are checked.
     *
     * @return false if the wait reaches the limit
     */
    public boolean awaitDone(Duration limit) throws InterruptedException {
        long deadline = time.nanoTime() + limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (status.waitingSince() != null && deadline - time.nanoTime() > 0) {
                time.awaitUntil(news, deadline);
            }
            return status.waitingSince() == null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the thread. Waits until a running check is completed, but for at most {@link NetlinkSocket#PATIENCE} plus
     * one second.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (thread.isAlive()) {
                thread.join(PATIENCE_AT_CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long notBefore = time.nanoTime();
        UdpFrontends changes = awaitWork(notBefore);
        while (changes != null) {
            long begun = time.nanoTime();
            frontends.apply(changes);
            toSweep.addAll(changes.families());
            pass(begun);
            long end = time.nanoTime();
            notBefore = end
                    + pace.pauseAfter(Duration.ofNanos(end - begun), failuresInARow)
                            .toNanos();
            changes = awaitWork(notBefore);
        }
        closeTable();
    }

    /**
     * Waits until there is work and the pause is over. Returns the changes that were committed since the last call:
     * none if the last check must only be repeated; null if the reconciler is being closed or this thread is
     * interrupted.
     */
    private @Nullable UdpFrontends awaitWork(long notBefore) {
        lock.lock();
        try {
            while (!closing) {
                if (committed.isEmpty() && toSweep.isEmpty()) {
                    news.await();
                } else if (notBefore - time.nanoTime() > 0) {
                    time.awaitUntil(news, notBefore);
                } else {
                    UdpFrontends taken = committed;
                    committed = new UdpFrontends();
                    committedSince = null;
                    return taken;
                }
            }
            return null;
        } catch (InterruptedException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void pass(long begun) {
        try {
            Host own = frontends.anyNodePorts() ? host.get() : Host.of(List.of());
            long seen = 0;
            for (IpFamily family : List.copyOf(toSweep)) {
                seen += sweep(family, own);
            }
            boolean complete = toSweep.isEmpty();
            if (complete) {
                frontends.forgetGone();
            }
            failuresInARow = 0;
            long all = seen;
            update(status -> status.afterSuccess(time.instant(), time.since(begun), all, complete));
        } catch (RuntimeException e) {
            // The next pass starts again from the beginning. The exception must not end this thread: without the
            // thread, stale flows would remain and nothing would report it.
            failed(time.since(begun), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Removes stale flows of an IP family. Returns the number of flows that were checked.
     *
     * @throws ConntrackException if the table cannot be read, or if some flows could not be removed
     */
    private long sweep(IpFamily family, Host own) {
        long begun = time.nanoTime();
        Sweep sweep = Sweep.of(openTable(), family, frontends, own);
        Removal removal = sweep.removal();
        update(status -> status.plusRemoved(removal.removed()));
        ConntrackPass pass = new ConntrackPass(family, time.since(begun), sweep.seen(), removal.removed());
        if (removal.removed() > 0) {
            LOG.info(
                    "removed {} of {} {} UDP flows from conntrack, because their endpoints no longer serve their Service"
                            + " ({} ms)",
                    pass.removed(),
                    pass.seen(),
                    family,
                    pass.took().toMillis());
        }
        observer.accept(pass);
        if (removal.failed() > 0) {
            throw new ConntrackException(
                    "cannot remove " + removal.failed() + " UDP flows from conntrack: " + removal.firstFailure());
        }
        if (sweep.complete()) {
            toSweep.remove(family);
        }
        return sweep.seen();
    }

    private void failed(Duration took, String reason) {
        failuresInARow++;
        closeTable();
        LOG.warn(
                "cannot remove all stale UDP flows from conntrack ({}); failure {}, retrying in {} ms",
                reason,
                failuresInARow,
                pace.pauseAfter(took, failuresInARow).toMillis());
        update(status -> status.afterFailure(took, reason));
    }

    private void update(UnaryOperator<ConntrackStatus> change) {
        lock.lock();
        try {
            ConntrackStatus changed = change.apply(status);
            // The changes of this pass are handled. Changes that were committed during the pass still wait.
            status = toSweep.isEmpty() ? changed.withWaitingSince(committedSince) : changed;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private ConntrackTable openTable() {
        ConntrackTable open = table == null ? kernel.get() : table;
        table = open;
        return open;
    }

    private void closeTable() {
        if (table != null) {
            table.close();
            table = null;
        }
    }
}
