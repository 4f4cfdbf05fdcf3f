package io.fairlead.agent.serve;

import static io.fairlead.agent.serve.MetricTable.FAMILY;
import static io.fairlead.agent.serve.MetricTable.label;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of kube-proxy and Fairlead. kube-proxy's metrics have the same names, labels and buckets as in kube-proxy
 * (MET), so that dashboards and alerts continue to work. The names of Fairlead's own metrics begin with {@code
 * fairlead_}. Thread-safe.
 */
public final class ProxyMetrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
    static final String OURS = "fairlead_";

    private final MetricTable table = new MetricTable("kubeproxy_");
    private final MetricTable slis = new MetricTable("kubernetes_");
    private final SyncMetrics sync;
    private final ServedMetrics served = new ServedMetrics(table, slis);
    private final DryRunMetrics dryRun = new DryRunMetrics(table.withPrefix(OURS));
    /** The number of served metrics at the last scrape. */
    private final AtomicInteger servedFamilies = new AtomicInteger();

    /** Creates all metrics with their initial values. As in kube-proxy, metrics of the other mode are not served. */
    public ProxyMetrics(ProxyMode mode) {
        sync = new SyncMetrics(mode, table);
        ProcessMetrics.register(table.registry());
        BuildMetrics.register(table.registry());
        RegistryMetrics.register(table.registry(), servedFamilies::get);
        HeapMetrics.register(table.registry());
    }

    /** Returns the metrics of updates of the rules. */
    public SyncMetrics sync() {
        return sync;
    }

    /** Returns the metrics of requests to the API server and to health pages. */
    public ServedMetrics served() {
        return served;
    }

    /** Returns the metrics of a dry run. */
    public DryRunMetrics dryRun() {
        return dryRun;
    }

    /**
     * Adds two metrics for the numbers of changed Services and slices that wait for an update of the rules. They are
     * computed at each scrape and are zero after a successful update (MET-4, MET-5).
     */
    public void pending(IntSupplier services, IntSupplier slices) {
        table.callback(
                "sync_proxy_rules_service_changes_pending",
                "Service changes not in the rules yet.",
                services::getAsInt);
        table.callback(
                "sync_proxy_rules_endpoint_changes_pending",
                "Endpoint changes not in the rules yet.",
                slices::getAsInt);
    }

    /**
     * Adds a metric of Fairlead whose value is computed at each scrape.
     *
     * @param name the name without the prefix "fairlead_"
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        table.withPrefix(OURS).callback(name, help, value);
    }

    /** Adds a metric for a packet counter in the kernel's rules. The counter is read at each scrape. */
    public void packets(CountedPackets counted) {
        var _ = CounterWithCallback.builder()
                .name(table.prefix() + counted.metric())
                .help(counted.help())
                .callback(callback -> counted.packets().get().ifPresent(callback::call))
                .register(table.registry());
    }

    /** Adds metrics for the node ports that are served on localhost, and for failures to listen on them. */
    public void localhostPorts(ToDoubleFunction<IpFamily> listening, ToDoubleFunction<IpFamily> failures) {
        var _ = GaugeWithCallback.builder()
                .name(table.prefix() + "nftables_localhost_nodeport_listeners")
                .help("Node ports on localhost with a listener.")
                .labelNames(FAMILY)
                .callback(callback -> {
                    for (IpFamily family : IpFamily.values()) {
                        callback.call(listening.applyAsDouble(family), label(family));
                    }
                })
                .register(table.registry());
        var _ = CounterWithCallback.builder()
                .name(table.prefix() + "nftables_localhost_nodeport_listener_creation_failures_total")
                .help("Failed attempts to listen on a node port on localhost.")
                .labelNames(FAMILY)
                .callback(callback -> {
                    for (IpFamily family : IpFamily.values()) {
                        callback.call(failures.applyAsDouble(family), label(family));
                    }
                })
                .register(table.registry());
    }

    /**
     * Returns all metrics in Prometheus' text format, version 0.0.4. The bounds of histogram buckets are written as by
     * Prometheus' client for Go.
     */
    public String text() {
        servedFamilies.set(table.registry().scrape().size());
        return table.text();
    }

    /** Returns the text of the page {@code /metrics/slis}, which has the results of health checks. */
    String sliText() {
        return slis.text();
    }
}
