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
 * Records whether the rules on this node are up to date (HTTP-2 to HTTP-8). The agent reports when an object changes
 * and when the rules were updated. The node is unhealthy if a change waits for too long. If no change waits, it is
 * healthy. Thread-safe.
 */
public final class ProxyHealth {
    /**
     * Go's zero time. As in kube-proxy, it is reported as the time of the last update until rules were updated for the
     * first time.
     */
    static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final Duration patience;
    private final InstantSource clock;
    private final EnumMap<IpFamily, Instant> lastUpdated = new EnumMap<>(IpFamily.class);
    private final EnumMap<IpFamily, Instant> oldestWaiting = new EnumMap<>(IpFamily.class);
    private boolean nodeEligible = true;

    /**
     * Creates a healthy state, in which no change waits.
     *
     * @param syncPeriod half of the time for which a change may wait before the node is unhealthy (HTTP-3)
     */
    public ProxyHealth(Duration syncPeriod, InstantSource clock) {
        this.patience = syncPeriod.multipliedBy(2);
        this.clock = clock;
    }

    /**
     * The state at one moment.
     *
     * @param lastUpdated the last time at which the rules of any IP family were updated; {@link #NEVER} if they were
     *     not updated yet
     * @param nodeEligible whether load balancers may send traffic to this node (HTTP-6)
     * @param syncHealthy whether no IP family has a change that waits for too long
     * @param families the state of each IP family whose rules were updated at least once (HTTP-4)
     */
    public record Status(
            Instant lastUpdated,
            Instant currentTime,
            boolean nodeEligible,
            boolean syncHealthy,
            SortedMap<IpFamily, OfFamily> families) {

        /** The state of one IP family. */
        public record OfFamily(Instant lastUpdated, boolean healthy) {}

        /** Copies the map. */
        public Status {
            families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
        }
    }

    /**
     * Records that the kernel may need other rules, because an object changed or an update of the rules failed. The
     * waiting time starts with the first change after the last call of {@link #updated} (HTTP-5).
     */
    public synchronized void queued(IpFamily family) {
        oldestWaiting.putIfAbsent(family, clock.instant());
    }

    /**
     * Records that the kernel has all rules of this IP family. It is also called once when the loop starts (SYNC-16).
     */
    public synchronized void updated(IpFamily family) {
        oldestWaiting.remove(family);
        lastUpdated.put(family, clock.instant());
    }

    /**
     * Sets whether the node is eligible for traffic. It is not eligible if its Node object does not exist, is being
     * deleted, or has the cluster autoscaler's taint for deletion (HTTP-6).
     */
    public synchronized void nodeEligible(boolean eligible) {
        nodeEligible = eligible;
    }

    /**
     * Returns whether the rules are up to date. Unlike {@code /healthz}, the result does not depend on the Node object.
     * Health check node ports report this value (LBF-12).
     */
    public boolean isSyncHealthy() {
        return status().syncHealthy();
    }

    /** Returns the current state. */
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
