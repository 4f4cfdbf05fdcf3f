package io.fairlead.agent.serve;

import static io.fairlead.agent.serve.MetricTable.FAMILY;
import static io.fairlead.agent.serve.MetricTable.label;
import static io.fairlead.agent.serve.MetricTable.seconds;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The metrics of updates of the rules (syncs): the number of changes, the times of syncs, and the number of refused
 * syncs. Thread-safe.
 */
public final class SyncMetrics {
    private static final double[] SYNC_BUCKETS =
            IntStream.range(0, 15).mapToDouble(i -> 0.001 * (1 << i)).toArray();
    /**
     * The bounds of the buckets in seconds: 0.25 and 0.5; 1 to 59 in steps of 1; 60 to 115 in steps of 5; 120 to 300 in
     * steps of 30.
     */
    private static final double[] PROGRAMMING_BUCKETS = DoubleStream.concat(
                    DoubleStream.concat(
                            DoubleStream.of(0.25, 0.5),
                            IntStream.rangeClosed(1, 59).asDoubleStream()),
                    DoubleStream.concat(
                            IntStream.iterate(60, n -> n <= 115, n -> n + 5).asDoubleStream(),
                            IntStream.iterate(120, n -> n <= 300, n -> n + 30).asDoubleStream()))
            .toArray();

    private final Histogram duration;
    private final Histogram fullDuration;
    private final Histogram partialDuration;
    private final Histogram programmingDuration;
    private final Histogram conntrackDuration;
    private final Gauge lastSync;
    private final Gauge lastQueued;
    private final Gauge noLocalEndpoints;
    private final Gauge rules;
    private final Gauge rulesWritten;
    private final Gauge quarantined;
    private final Counter endpointChanges;
    private final Counter serviceChanges;
    private final Counter failures;
    private final Counter partialFailures;
    private final Counter cleanupFailures;
    private final Counter conntrackDeleted;

    /**
     * Creates the metrics with their initial values. As in kube-proxy, metrics of the other mode are counted but not
     * served.
     */
    SyncMetrics(ProxyMode mode, MetricTable all) {
        MetricTable notServed = new MetricTable(all.prefix());
        MetricTable iptables = mode == ProxyMode.IPTABLES ? all : notServed;
        MetricTable nftables = mode == ProxyMode.NFTABLES ? all : notServed;
        duration = all.histogram("sync_proxy_rules_duration_seconds", "Time of one sync.", SYNC_BUCKETS, FAMILY);
        fullDuration = all.histogram(
                "sync_full_proxy_rules_duration_seconds",
                "Time of one full sync, which compares everything.",
                SYNC_BUCKETS,
                FAMILY);
        partialDuration = all.histogram(
                "sync_partial_proxy_rules_duration_seconds",
                "Time of one partial sync, which compares only what has changed.",
                SYNC_BUCKETS,
                FAMILY);
        programmingDuration = all.histogram(
                "network_programming_duration_seconds",
                "Time from a change of pods to the rules that follow from it.",
                PROGRAMMING_BUCKETS,
                FAMILY);
        conntrackDuration = all.histogram(
                "conntrack_reconciler_sync_duration_seconds",
                "Time of one clean-up of connection tracking.",
                SYNC_BUCKETS,
                FAMILY);
        lastSync = all.gauge(
                "sync_proxy_rules_last_timestamp_seconds", "When the rules were last synced successfully.", FAMILY);
        lastQueued =
                all.gauge("sync_proxy_rules_last_queued_timestamp_seconds", "When a sync was last requested.", FAMILY);
        noLocalEndpoints = all.gauge(
                "sync_proxy_rules_no_local_endpoints_total",
                "Services with a Local policy and endpoints, none of them on this node.",
                FAMILY,
                "traffic_policy");
        endpointChanges = all.counter("sync_proxy_rules_endpoint_changes_total", "Endpoint changes seen.");
        serviceChanges = all.counter("sync_proxy_rules_service_changes_total", "Service changes seen.");
        rules = iptables.gauge("sync_proxy_rules_iptables_total", "Fairlead's rules in the kernel.", FAMILY, "table");
        rulesWritten =
                iptables.gauge("sync_proxy_rules_iptables_last", "Rules that the last sync wrote.", FAMILY, "table");
        partialFailures = iptables.counter(
                "sync_proxy_rules_iptables_partial_restore_failures_total",
                "Partial syncs that the kernel refused.",
                FAMILY);
        failures = all.counter(
                switch (mode) {
                    case IPTABLES -> "sync_proxy_rules_iptables_restore_failures_total";
                    case NFTABLES -> "sync_proxy_rules_nftables_sync_failures_total";
                },
                "Syncs that the kernel refused.",
                FAMILY);
        cleanupFailures = nftables.counter(
                "sync_proxy_rules_nftables_cleanup_failures_total", "Refused removals of old chains.", FAMILY);
        conntrackDeleted = all.counter(
                "conntrack_reconciler_deleted_entries_total", "Connection tracking entries removed.", FAMILY);
        quarantined = all.withPrefix(ProxyMetrics.OURS)
                .gauge("quarantined_services", "Services that are left out because the kernel refused their rules.");
    }

    /**
     * Records the time of a successful sync.
     *
     * @param full whether all rules were compared; otherwise only the changed Services were handled
     */
    public void synced(IpFamily family, boolean full, Duration took) {
        duration.labelValues(label(family)).observe(seconds(took));
        (full ? fullDuration : partialDuration).labelValues(label(family)).observe(seconds(took));
    }

    /** Records that the rules are up to date. */
    public void inOrder(IpFamily family, Instant now) {
        lastSync.labelValues(label(family)).set(seconds(now));
    }

    /** Records that a sync was requested. */
    public void queued(IpFamily family, Instant now) {
        lastQueued.labelValues(label(family)).set(seconds(now));
    }

    /**
     * Records that the rules for a change of pods were applied (EPS-16).
     *
     * @param since the time since the pods changed
     */
    public void programmed(IpFamily family, Duration since) {
        programmingDuration.labelValues(label(family)).observe(seconds(since));
    }

    /** Counts a slice that was added, changed or deleted (MET-4). */
    public void endpointChange() {
        endpointChanges.inc();
    }

    /** Counts a Service that was added, changed or deleted (MET-5). */
    public void serviceChange() {
        serviceChanges.inc();
    }

    /**
     * Sets the numbers of Service ports whose traffic policy requires endpoints on this node, but whose endpoints are
     * all on other nodes (MET-3).
     *
     * @param internal the number for internalTrafficPolicy
     * @param external the number for externalTrafficPolicy
     */
    public void withoutLocalEndpoints(IpFamily family, int internal, int external) {
        noLocalEndpoints.labelValues(label(family), "internal").set(internal);
        noLocalEndpoints.labelValues(label(family), "external").set(external);
    }

    /**
     * Sets the number of rules in a table in iptables mode, and the number of rules that the last sync wrote (MET-2).
     *
     * @param table "nat" or "filter"
     */
    public void rules(IpFamily family, String table, long total, long written) {
        rules.labelValues(label(family), table).set((double) total);
        rulesWritten.labelValues(label(family), table).set((double) written);
    }

    /**
     * Counts a failed sync.
     *
     * @param full whether all rules were compared; otherwise only the changed Services were handled
     */
    public void failed(IpFamily family, boolean full) {
        failures.labelValues(label(family)).inc();
        if (!full) {
            partialFailures.labelValues(label(family)).inc();
        }
    }

    /** Counts a failure to delete unused chains in nftables mode (NFT-25). */
    public void cleanupFailed(IpFamily family) {
        cleanupFailures.labelValues(label(family)).inc();
    }

    /**
     * Records one removal of stale entries from the kernel's connection table.
     *
     * @param deleted the number of removed entries
     */
    public void conntrackCleaned(IpFamily family, Duration took, long deleted) {
        conntrackDuration.labelValues(label(family)).observe(seconds(took));
        conntrackDeleted.labelValues(label(family)).inc(deleted);
    }

    /** Sets the number of Services that are left out because the kernel refused their rules. */
    public void quarantined(int services) {
        quarantined.set(services);
    }
}
