package io.fairlead.agent;

import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.loop.DryRunReport;
import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.serve.DebugPages;
import io.fairlead.agent.serve.MetricsPages;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.config.FeatureGates;
import io.fairlead.conntrack.ConntrackReconciler;
import io.fairlead.conntrack.TableFill;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.localhost.LocalhostPorts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Creates the pages that are served on metricsBindAddress, and adds the metrics that are computed at each scrape. */
record AgentPages(AgentSettings settings, ProxyMetrics metrics, ProxyHealth health, InstantSource clock) {

    /** Returns the pages of an agent that reads its objects from this source. */
    MetricsPages of(
            ClusterSource source,
            ChangeQueue queue,
            StatusPage status,
            DryRunReport dryRun,
            Site site,
            Supplier<String> flags,
            IntConsumer verbosity) {
        switch (settings.source()) {
            case AgentSettings.Source.ApiServer _ ->
                age(
                        "api_server_silence_seconds",
                        "Time since the API server last sent anything about Services and their endpoints.",
                        source);
            case AgentSettings.Source.Files _ ->
                age("files_age_seconds", "Time since all files were last read.", source);
        }
        metrics.pending(() -> queue.pending().services(), () -> queue.pending().slices());
        SortedMap<String, Supplier<String>> texts = new TreeMap<>();
        FeatureGates gates = settings.config().featureGates();
        if (gates.isOn(FeatureGates.STATUSZ)) {
            texts.put("/statusz", () -> status.text(health.status()));
        }
        if (gates.isOn(FeatureGates.FLAGZ)) {
            texts.put("/flagz", flags);
        }
        if (settings.dryRun()) {
            texts.put("/diff", dryRun::page);
        }
        return new MetricsPages(
                settings.mode(),
                metrics,
                () -> settings.config().written().json(),
                status::readiness,
                texts,
                site.pages(() -> status.lines(health.status())),
                settings.config().enableProfiling() ? new DebugPages(verbosity) : null);
    }

    private void age(String name, String help, ClusterSource source) {
        metrics.gauge(name, help, () -> source.age().map(Duration::toSeconds).orElse(-1L));
    }

    /** Adds the metrics for the packet counters in the rules (CT-16, NP-21). */
    void add(List<CountedPackets> counted) {
        counted.forEach(metrics::packets);
    }

    /** Adds the metrics for node ports on localhost. The names of the metrics are kube-proxy's. */
    void add(LocalhostPorts localhost) {
        metrics.localhostPorts(localhost::listening, localhost::failures);
    }

    /**
     * Adds metrics for the removal of stale UDP flows. Adds the size of the kernel's connection table only if the agent
     * configures the network namespace of this process, because only the table of this namespace can be read.
     */
    void add(ConntrackReconciler conntrack, TableFill connections) {
        metrics.gauge(
                "conntrack_reconciler_last_success_age_seconds",
                "Time since all stale UDP flows were last removed, or since the start.",
                () -> conntrack.status().sinceLastSuccess(clock.instant()).toSeconds());
        metrics.gauge(
                "conntrack_reconciler_waiting_seconds",
                "How long the oldest change has been waiting for the removal of its stale UDP flows.",
                () -> conntrack.status().waiting(clock.instant()).toSeconds());
        metrics.gauge(
                "conntrack_reconciler_failures",
                "Failed passes over UDP flows since the start.",
                () -> conntrack.status().failures());
        if (settings.namespace() == null) {
            metrics.gauge("conntrack_entries", "Connections in the kernel's conntrack table.", connections::entries);
            metrics.gauge(
                    "conntrack_entries_limit",
                    "Limit of connections in the kernel's conntrack table; new connections beyond it are dropped.",
                    connections::limit);
        }
    }

    /**
     * Adds a metric for the fill of the affinity lists in nftables mode. In iptables mode the lists are in the kernel
     * module xt_recent, and their fill is logged only at the start (AFF-14).
     */
    void add(AffinityListener affinity) {
        if (settings.mode() == ProxyMode.NFTABLES) {
            metrics.gauge(
                    "affinity_fullest_list_ratio",
                    "Fill level (0 to 1) of the fullest list of clients of ClientIP affinity, when rules were last read.",
                    affinity::fill);
        }
    }
}
