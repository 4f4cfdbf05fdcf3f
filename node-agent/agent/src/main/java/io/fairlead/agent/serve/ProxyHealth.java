package io.fairlead.agent.serve;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records whether this node's rules follow the cluster (HTTP-2 to HTTP-8). The agent reports when a change waits and
 * when rules were written. An idle agent is healthy. Thread-safe.
 */
public final class ProxyHealth {
    /** Go's zero time, which kube-proxy returns until rules were written. */
    static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final Duration patience;
    private final InstantSource clock;
    private final EnumMap<IpFamily, Instant> lastUpdated = new EnumMap<>(IpFamily.class);
    private final EnumMap<IpFamily, Instant> oldestWaiting = new EnumMap<>(IpFamily.class);
    private boolean nodeEligible = true;

    /**
     * Creates it healthy, without a waiting change.
     *
     * @param syncPeriod a change that waits longer than twice this time makes the node unhealthy (HTTP-3)
     */
    public ProxyHealth(Duration syncPeriod, InstantSource clock) {
        this.patience = syncPeriod.multipliedBy(2);
        this.clock = clock;
    }

    /**
     * The state at one moment.
     *
     * @param lastUpdated when rules of any family were last written; {@link #NEVER} before that
     * @param nodeEligible whether load balancers should send to this node (HTTP-6)
     * @param syncHealthy whether no family has a change that waits too long
     * @param families the families that have reported (HTTP-4)
     */
    public record Status(
            Instant lastUpdated,
            Instant currentTime,
            boolean nodeEligible,
            boolean syncHealthy,
            SortedMap<IpFamily, OfFamily> families) {

        /** The state of one family. */
        public record OfFamily(Instant lastUpdated, boolean healthy) {}

        /** Copies the map. */
        public Status {
            families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
        }
    }

    /**
     * An object changed that may need other rules. The first change since the last {@link #updated} counts (HTTP-5).
     */
    public synchronized void queued(IpFamily family) {
        oldestWaiting.putIfAbsent(family, clock.instant());
    }

    /** The kernel has all rules of this family; also called once when the loop starts (SYNC-16). */
    public synchronized void updated(IpFamily family) {
        oldestWaiting.remove(family);
        lastUpdated.put(family, clock.instant());
    }

    /**
     * Sets whether the Node is eligible. It is not if it is unknown, is being deleted, or has the taint of the cluster
     * autoscaler (HTTP-6).
     */
    public synchronized void nodeEligible(boolean eligible) {
        nodeEligible = eligible;
    }

    /**
     * Returns whether rules follow the cluster, without regard to the Node. Health check node ports answer with it
     * (LBF-12).
     */
    public boolean isSyncHealthy() {
        return status().syncHealthy();
    }

    /** Returns the whole state. */
    public synchronized Status status() {
        Instant now = clock.instant();
        Instant newest = NEVER;
        boolean healthy = true;
        SortedMap<IpFamily, Status.OfFamily> families = new TreeMap<>();
        for (IpFamily family : lastUpdated.keySet()) {
            Instant updated = lastUpdated.getOrDefault(family, NEVER);
            Instant waiting = oldestWaiting.get(family);
            boolean familyHealthy =
                    waiting == null || Duration.between(waiting, now).compareTo(patience) < 0;
            newest = updated.isAfter(newest) ? updated : newest;
            healthy &= familyHealthy;
            families.put(family, new Status.OfFamily(updated, familyHealthy));
        }
        return new Status(newest, now, nodeEligible, healthy, families);
    }
}
