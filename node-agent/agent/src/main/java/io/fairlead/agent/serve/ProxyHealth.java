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
 * Whether this node's rules follow the cluster (HTTP-2 to HTTP-8). The agent says when an update is waiting and when
 * rules are written; idleness is healthy. Thread-safe.
 */
public final class ProxyHealth {
    /** Go's zero time, which kube-proxy shows while no rules were written. */
    static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final Duration patience;
    private final InstantSource clock;
    private final EnumMap<IpFamily, Instant> lastUpdated = new EnumMap<>(IpFamily.class);
    private final EnumMap<IpFamily, Instant> oldestWaiting = new EnumMap<>(IpFamily.class);
    private boolean nodeEligible = true;

    /**
     * Healthy, with nothing waiting.
     *
     * @param syncPeriod an update that waits longer than twice this is a sign of trouble (HTTP-3)
     */
    public ProxyHealth(Duration syncPeriod, InstantSource clock) {
        this.patience = syncPeriod.multipliedBy(2);
        this.clock = clock;
    }

    /**
     * The state at one moment.
     *
     * @param lastUpdated when rules were last written, in whichever family; {@link #NEVER} before that
     * @param nodeEligible whether load balancers should send to this node (HTTP-6)
     * @param syncHealthy whether no family's updates wait too long
     * @param families of those that ever reported (HTTP-4)
     */
    public record Status(
            Instant lastUpdated,
            Instant currentTime,
            boolean nodeEligible,
            boolean syncHealthy,
            SortedMap<IpFamily, OfFamily> families) {

        /** One family. */
        public record OfFamily(Instant lastUpdated, boolean healthy) {}

        /** Copies the map. */
        public Status {
            families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
        }
    }

    /** Something changed that may need other rules; the first since the last {@link #updated} counts (HTTP-5). */
    public synchronized void queued(IpFamily family) {
        oldestWaiting.putIfAbsent(family, clock.instant());
    }

    /** The kernel has all that is wanted of this family; also said once when the loop starts (SYNC-16). */
    public synchronized void updated(IpFamily family) {
        oldestWaiting.remove(family);
        lastUpdated.put(family, clock.instant());
    }

    /** False for a Node that is unknown, on its way out, or tainted by the cluster autoscaler (HTTP-6). */
    public synchronized void nodeEligible(boolean eligible) {
        nodeEligible = eligible;
    }

    /** Whether rules follow, whatever the Node says; health check node ports answer by this (LBF-12). */
    public boolean isSyncHealthy() {
        return status().syncHealthy();
    }

    /** Everything at once. */
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
