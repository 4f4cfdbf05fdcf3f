package io.fairlead.agent.serve;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The metrics of kube-proxy with its names, labels and buckets (MET), so that dashboards and alerts keep working, and a
 * few of our own under {@code fairlead_}. Thread-safe.
 */
public final class ProxyMetrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String PREFIX = "kubeproxy_";
    private static final String FAMILY = "ip_family";
    private static final double[] SYNC_BUCKETS =
            IntStream.range(0, 15).mapToDouble(i -> 0.001 * (1 << i)).toArray();
    /** The bounds in seconds: 0.25, 0.5; 1 to 59 by 1; 60 to 115 by 5; 120 to 300 by 30. */
    private static final double[] PROGRAMMING_BUCKETS = DoubleStream.concat(
                    DoubleStream.concat(
                            DoubleStream.of(0.25, 0.5),
                            IntStream.rangeClosed(1, 59).asDoubleStream()),
                    DoubleStream.concat(
                            IntStream.iterate(60, n -> n <= 115, n -> n + 5).asDoubleStream(),
                            IntStream.iterate(120, n -> n <= 300, n -> n + 30).asDoubleStream()))
            .toArray();

    private static final double[] REQUEST_BUCKETS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusRegistry slis = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Histogram syncDuration;
    private final Histogram fullSyncDuration;
    private final Histogram partialSyncDuration;
    private final Histogram programmingDuration;
    private final Histogram conntrackDuration;
    private final Histogram requestDuration;
    private final Gauge lastSync;
    private final Gauge lastQueued;
    private final Gauge noLocalEndpoints;
    private final Gauge rules;
    private final Gauge rulesWritten;
    private final Gauge quarantined;
    private final Counter endpointChanges;
    private final Counter serviceChanges;
    private final Counter syncFailures;
    private final Counter partialSyncFailures;
    private final Counter cleanupFailures;
    private final Counter conntrackDeleted;
    private final Counter healthz;
    private final Counter livez;
    private final Counter requests;
    private final Gauge compared;
    private final Gauge servicesCompared;
    private final Gauge linesToChange;
    private final Counter comparisonFailures;
    private final Gauge healthcheck;
    private final Counter healthchecks;
    /** The value at the last scrape. */
    private final AtomicInteger families = new AtomicInteger();

    /** Creates the metrics without any event. Those of the other mode are left out, as in kube-proxy. */
    public ProxyMetrics(ProxyMode mode) {
        PrometheusRegistry iptables = mode == ProxyMode.IPTABLES ? registry : new PrometheusRegistry();
        PrometheusRegistry nftables = mode == ProxyMode.NFTABLES ? registry : new PrometheusRegistry();
        syncDuration = histogram("sync_proxy_rules_duration_seconds", "Time of one sync.", SYNC_BUCKETS, FAMILY);
        fullSyncDuration = histogram(
                "sync_full_proxy_rules_duration_seconds",
                "Time of one sync that compared everything.",
                SYNC_BUCKETS,
                FAMILY);
        partialSyncDuration = histogram(
                "sync_partial_proxy_rules_duration_seconds",
                "Time of one sync of what had changed.",
                SYNC_BUCKETS,
                FAMILY);
        programmingDuration = histogram(
                "network_programming_duration_seconds",
                "Time from a change of pods to the rules that follow from it.",
                PROGRAMMING_BUCKETS,
                FAMILY);
        conntrackDuration = histogram(
                "conntrack_reconciler_sync_duration_seconds",
                "Time of one clean-up of connection tracking.",
                SYNC_BUCKETS,
                FAMILY);
        lastSync = gauge(
                registry,
                "sync_proxy_rules_last_timestamp_seconds",
                "When the rules last followed the cluster.",
                FAMILY);
        lastQueued = gauge(
                registry, "sync_proxy_rules_last_queued_timestamp_seconds", "When a sync was last requested.", FAMILY);
        noLocalEndpoints = gauge(
                registry,
                "sync_proxy_rules_no_local_endpoints_total",
                "Services with a Local policy and endpoints, none of them on this node.",
                FAMILY,
                "traffic_policy");
        endpointChanges = counter(registry, "sync_proxy_rules_endpoint_changes_total", "Endpoint changes seen.");
        serviceChanges = counter(registry, "sync_proxy_rules_service_changes_total", "Service changes seen.");
        rules = gauge(iptables, "sync_proxy_rules_iptables_total", "Fairlead's rules in the kernel.", FAMILY, "table");
        rulesWritten =
                gauge(iptables, "sync_proxy_rules_iptables_last", "Rules that the last sync wrote.", FAMILY, "table");
        partialSyncFailures = counter(
                iptables,
                "sync_proxy_rules_iptables_partial_restore_failures_total",
                "Syncs of what had changed that the kernel refused.",
                FAMILY);
        syncFailures = mode == ProxyMode.IPTABLES
                ? counter(iptables, "sync_proxy_rules_iptables_restore_failures_total", "Refused syncs.", FAMILY)
                : counter(nftables, "sync_proxy_rules_nftables_sync_failures_total", "Refused syncs.", FAMILY);
        cleanupFailures = counter(
                nftables,
                "sync_proxy_rules_nftables_cleanup_failures_total",
                "Refused removals of old chains.",
                FAMILY);
        conntrackDeleted = counter(
                registry, "conntrack_reconciler_deleted_entries_total", "Connection tracking entries removed.", FAMILY);
        healthz = counter(registry, "proxy_healthz_total", "Answers of /healthz.", "code");
        livez = counter(registry, "proxy_livez_total", "Answers of /livez.", "code");
        requests = Counter.builder()
                .name("rest_client_requests_total")
                .help("Requests to the API server.")
                .labelNames("code", "host", "method")
                .register(registry);
        requestDuration = Histogram.builder()
                .name("rest_client_request_duration_seconds")
                .help("Time until the API server's status line.")
                .classicOnly()
                .classicUpperBounds(REQUEST_BUCKETS)
                .labelNames("host", "verb")
                .register(registry);
        compared = ours(
                "dry_run_frontends",
                "Frontends of Services, by the result of the comparison with the kernel.",
                FAMILY,
                "state");
        servicesCompared =
                ours("dry_run_services", "Services, by the result of the comparison with the kernel.", "state");
        linesToChange = ours("dry_run_lines", "Lines of rules that Fairlead would add or remove.", "direction");
        comparisonFailures = Counter.builder()
                .name("fairlead_dry_run_failures_total")
                .help("Failed comparisons with the kernel.")
                .register(registry);
        healthcheck = Gauge.builder()
                .name("kubernetes_healthcheck")
                .help("Result of a health check: 1 is healthy.")
                .labelNames("name", "type")
                .register(slis);
        healthchecks = Counter.builder()
                .name("kubernetes_healthchecks_total")
                .help("Results of health checks.")
                .labelNames("name", "status", "type")
                .register(slis);
        quarantined = Gauge.builder()
                .name("fairlead_quarantined_services")
                .help("Services that are left out because the kernel refused their rules.")
                .register(registry);
        ProcessMetrics.register(registry);
        BuildMetrics.register(registry);
        RegistryMetrics.register(registry, families::get);
        HeapMetrics.register(registry);
    }

    /**
     * Counts a sync, failed or not.
     *
     * @param full whether everything was compared, and not only what had changed
     */
    public void synced(IpFamily family, boolean full, Duration took) {
        syncDuration.labelValues(text(family)).observe(seconds(took));
        (full ? fullSyncDuration : partialSyncDuration)
                .labelValues(text(family))
                .observe(seconds(took));
    }

    /** The rules now follow the cluster. */
    public void inOrder(IpFamily family, Instant now) {
        lastSync.labelValues(text(family)).set(seconds(now));
    }

    /** A sync was requested. */
    public void queued(IpFamily family, Instant now) {
        lastQueued.labelValues(text(family)).set(seconds(now));
    }

    /**
     * The rules now follow a change of pods (EPS-16).
     *
     * @param since the time since the pods changed
     */
    public void programmed(IpFamily family, Duration since) {
        programmingDuration.labelValues(text(family)).observe(seconds(since));
    }

    /** A slice was added, changed or deleted (MET-4). */
    public void endpointChange() {
        endpointChanges.inc();
    }

    /** A Service was added, changed or deleted (MET-5). */
    public void serviceChange() {
        serviceChanges.inc();
    }

    /**
     * Adds how many changes of Services and of slices wait for a sync, read at each scrape; zero after a sync (MET-4,
     * MET-5).
     */
    public void pending(IntSupplier services, IntSupplier slices) {
        callback(
                PREFIX + "sync_proxy_rules_service_changes_pending",
                "Service changes not in the rules yet.",
                services::getAsInt);
        callback(
                PREFIX + "sync_proxy_rules_endpoint_changes_pending",
                "Endpoint changes not in the rules yet.",
                slices::getAsInt);
    }

    /**
     * Sets the number of Services that have endpoints, but none on this node where their policy requires one (MET-3).
     */
    public void withoutLocalEndpoints(IpFamily family, int internal, int external) {
        noLocalEndpoints.labelValues(text(family), "internal").set(internal);
        noLocalEndpoints.labelValues(text(family), "external").set(external);
    }

    /**
     * iptables mode: sets the number of rules in a table, and how many of them the last sync wrote (MET-2).
     *
     * @param table "nat" or "filter"
     */
    public void rules(IpFamily family, String table, long total, long written) {
        rules.labelValues(text(family), table).set((double) total);
        rulesWritten.labelValues(text(family), table).set((double) written);
    }

    /** The kernel or its tool refused a sync. */
    public void syncFailed(IpFamily family, boolean full) {
        syncFailures.labelValues(text(family)).inc();
        if (!full) {
            partialSyncFailures.labelValues(text(family)).inc();
        }
    }

    /** nftables mode: stale chains could not be deleted (NFT-25). */
    public void cleanupFailed(IpFamily family) {
        cleanupFailures.labelValues(text(family)).inc();
    }

    /** A pass over connection tracking has ended. */
    public void conntrackCleaned(IpFamily family, Duration took, long deleted) {
        conntrackDuration.labelValues(text(family)).observe(seconds(took));
        conntrackDeleted.labelValues(text(family)).inc(deleted);
    }

    /** /healthz has answered. */
    public void healthz(int code) {
        healthz.labelValues(Integer.toString(code)).inc();
    }

    /** /livez has answered. */
    public void livez(int code) {
        livez.labelValues(Integer.toString(code)).inc();
    }

    /** A request to the API server has ended; parameters as in client-go's metrics. */
    public void requested(String method, String host, String code, Duration took) {
        requests.labelValues(code, host, method).inc();
        requestDuration.labelValues(host, method).observe(seconds(took));
    }

    /** Sets the number of Services that are left out because their rules were refused. */
    public void quarantined(int services) {
        quarantined.set(services);
    }

    /**
     * Adds a metric of our own that is read at each scrape.
     *
     * @param name the name without the prefix "fairlead_"
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        callback("fairlead_" + name, help, value);
    }

    /** Adds a counter that rules in the kernel keep. It is read at each scrape. */
    public void packets(CountedPackets counted) {
        var _ = CounterWithCallback.builder()
                .name(PREFIX + counted.metric())
                .help(counted.help())
                .callback(callback -> counted.packets().get().ifPresent(callback::call))
                .register(registry);
    }

    /** Adds the listeners for node ports on localhost, and the failures to open one. */
    public void localhostPorts(ToDoubleFunction<IpFamily> listening, ToDoubleFunction<IpFamily> failures) {
        var _ = GaugeWithCallback.builder()
                .name(PREFIX + "nftables_localhost_nodeport_listeners")
                .help("Node ports on localhost with a listener.")
                .labelNames(FAMILY)
                .callback(callback -> {
                    for (IpFamily family : IpFamily.values()) {
                        callback.call(listening.applyAsDouble(family), text(family));
                    }
                })
                .register(registry);
        var _ = CounterWithCallback.builder()
                .name(PREFIX + "nftables_localhost_nodeport_listener_creation_failures_total")
                .help("Failed attempts to listen on a node port on localhost.")
                .labelNames(FAMILY)
                .callback(callback -> {
                    for (IpFamily family : IpFamily.values()) {
                        callback.call(failures.applyAsDouble(family), text(family));
                    }
                })
                .register(registry);
    }

    private void callback(String name, String help, DoubleSupplier value) {
        var _ = GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Dry run: sets the number of frontends of a family in this state: same, missing, different. */
    public void compared(IpFamily family, String state, long frontends) {
        compared.labelValues(text(family), state).set((double) frontends);
    }

    /** Dry run: sets the number of Services, and of those that the kernel does not serve as expected. */
    public void servicesCompared(int all, int different) {
        servicesCompared.labelValues("same").set(all - different);
        servicesCompared.labelValues("different").set(different);
    }

    /** Dry run: sets the number of lines of rules that would be added and removed. */
    public void linesToChange(long added, long removed) {
        linesToChange.labelValues("add").set((double) added);
        linesToChange.labelValues("remove").set((double) removed);
    }

    /** Dry run: the kernel could not be read. */
    public void comparisonFailed() {
        comparisonFailures.inc();
    }

    /** /healthz of the metrics server has answered. */
    void pinged() {
        healthcheck.labelValues("ping", "healthz").set(1);
        healthchecks.labelValues("ping", "success", "healthz").inc();
    }

    /**
     * Returns Prometheus' text format, version 0.0.4. The bounds of buckets have the form of Prometheus' client for Go.
     */
    public String text() {
        families.set(registry.scrape().size());
        return text(registry);
    }

    /** Returns the results of health checks for /metrics/slis. */
    String sliText() {
        return text(slis);
    }

    private String text(PrometheusRegistry of) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, of.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bounds.asGoWritesThem(out.toString(StandardCharsets.UTF_8));
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(PREFIX + name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames(labels)
                .register(registry);
    }

    private Gauge ours(String name, String help, String... labels) {
        return Gauge.builder()
                .name("fairlead_" + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(PREFIX + name).help(help).labelNames(labels).register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private static String text(IpFamily family) {
        return family.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
