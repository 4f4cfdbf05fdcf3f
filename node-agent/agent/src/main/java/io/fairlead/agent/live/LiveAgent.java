package io.fairlead.agent.live;

import io.fairlead.agent.compare.KernelComparison;
import io.fairlead.agent.conntrack.ConntrackReconciler;
import io.fairlead.agent.conntrack.TableFill;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.process.IdleMemory;
import io.fairlead.agent.serve.DebugPages;
import io.fairlead.agent.serve.HealthCheckPorts;
import io.fairlead.agent.serve.HealthPages;
import io.fairlead.agent.serve.MetricsPages;
import io.fairlead.agent.serve.PageServer;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.agent.sync.SyncLoop;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.agent.time.TimeSource;
import io.fairlead.cluster.watch.ApiServer;
import io.fairlead.cluster.watch.ClusterWatch;
import io.fairlead.cluster.watch.EventWriter;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.config.FeatureGates;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows an API server and keeps the kernel in step until it is closed. The thread that calls {@link #run} is the one
 * that plans and applies; all others only note something for it.
 */
public final class LiveAgent<R extends Ruleset, C extends Change> implements Closeable {
    /** Services in one round after which memory is given back. */
    private static final int LARGE_ROUND = 1000;

    /** How long nothing must happen before. */
    private static final Duration QUIET = Duration.ofMillis(500);

    private final AgentSettings settings;
    private final AgentParts<R, C> parts;
    private final InterfaceView addresses;
    private final Consumer<LogLine> log;
    private final TimeSource clock;
    private final ProxyMetrics metrics;
    private final ProxyHealth health;
    private final WatchedCluster cluster;
    private final TableFill connections = new TableFill();
    private final AffinityNotice affinity = new AffinityNotice();
    private final PlanFigures figures = new PlanFigures();
    private final Set<ServiceName> quarantined = new HashSet<>();
    private volatile @Nullable SyncReport last;
    private volatile @Nullable DryRun<R, C> dryRun;
    private volatile boolean inOrder;
    private volatile String waitingFor = "";
    private boolean leftoversGone;

    /** Does nothing yet. */
    public LiveAgent(AgentSettings settings, AgentParts<R, C> parts) {
        this.settings = settings;
        this.parts = parts;
        this.log = parts.log();
        this.clock = parts.time();
        this.addresses = new InterfaceView(parts.addresses(), log);
        this.metrics = new ProxyMetrics(settings.mode());
        this.health = new ProxyHealth(rules().syncPeriod(), clock);
        this.cluster = new WatchedCluster(
                new Bookkeeping(metrics, health, clock), clock, problem -> log.accept(SyncLog.line(problem)));
    }

    /** Ends {@link #run} after the round it is in; rules stay. Any thread. */
    public void stop() {
        cluster.close();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Runs until closed or interrupted.
     *
     * @throws io.fairlead.cluster.watch.ApiServerException if it is not said where the API server is
     * @throws io.fairlead.agent.serve.BindFailedException if an address cannot be listened on and that is to be fatal
     * @throws AgentEndedException if something else is missing without which it cannot go on
     */
    public void run() {
        KubeProxyConfig config = settings.config();
        boolean tcpLiberal = prepareNode();
        try (ApiServer server = ApiServer.connect(
                        KubeconfigFiles.of(config.clientConnection().kubeconfig()),
                        settings.master(),
                        clock,
                        metrics::requested);
                EventWriter events = settings.dryRun()
                        ? EventWriter.silent(server, settings.nodeName(), clock)
                        : new EventWriter(server, settings.nodeName(), clock);
                ClusterWatch watch = new ClusterWatch(server, watchOptions(), cluster, clock);
                PageServer _ = PageServer.start(
                        config.healthzBindAddress(),
                        new HealthPages(health, metrics::healthz, metrics::livez),
                        onFailure(events, "FailedToStartProxierHealthcheck"));
                PageServer _ = PageServer.start(
                        config.metricsBindAddress(),
                        pages(server, watch),
                        onFailure(events, "FailedToStartMetricServer"))) {
            config.clientConnection().notes().forEach(note -> log.accept(LogLine.info(note)));
            log.accept(LogLine.info("started: " + settings.mode().text() + ", node " + settings.nodeName()
                    + ", API server " + server.address() + (settings.dryRun() ? ", dry run: nothing is written" : "")));
            watch.start();
            events.node(false, "Starting", "StartKubeProxy", "");
            cluster.awaitSynced();
            // What is still to come, with the largest need of memory, is done by other classes than what has been.
            IdleMemory.release();
            Backend<R, C> backend = parts.backend().apply(families(awaitNode()));
            if (settings.dryRun()) {
                lookAtKernel(backend, tcpLiberal);
            } else {
                keepInStep(backend, tcpLiberal, events);
            }
        } catch (InterruptedException _) {
            // told to stop while waiting
        }
    }

    /** @return whether conntrack is liberal about TCP (CT-15) */
    private boolean prepareNode() {
        NodeSetup setup = parts.node();
        if (setup == null) {
            return false;
        }
        if (!settings.dryRun()) {
            new NodePreparation(settings.config(), settings.mode(), setup, log).prepare();
        }
        return setup.isTcpLiberal();
    }

    private PageServer.OnFailure onFailure(EventWriter events, String reason) {
        return new PageServer.OnFailure(
                settings.config().bindAddressHardFail(),
                message -> events.node(true, reason, "StartKubeProxy", message));
    }

    /** PROTO-9, MQ-11. */
    private NodeObject awaitNode() throws InterruptedException {
        boolean needsPodCidrs = settings.config().detectLocal() instanceof NodeSettings.DetectLocal.NodeCidr;
        waitingFor = "Node " + settings.nodeName() + " with its addresses" + (needsPodCidrs ? " and pod CIDRs" : "");
        NodeObject node = cluster.awaitNode(
                settings.nodeName(),
                one -> !one.addresses().isEmpty()
                        && (!needsPodCidrs || !one.podCidrs().isEmpty()),
                settings.nodePatience());
        if (node == null) {
            throw new AgentEndedException("Node " + settings.nodeName() + " was not there with "
                    + (needsPodCidrs ? "addresses and pod CIDRs" : "addresses") + " for "
                    + settings.nodePatience().toSeconds() + " s; does --node-name (or --hostname-override) name it?");
        }
        waitingFor = "";
        return node;
    }

    /** PROTO-7, PROTO-10. */
    private IpFamily families(NodeObject node) {
        IpFamily primary = Families.primary(settings.config(), node);
        IpFamily other = primary == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
        Families families = new Families(primary, parts.isThere().test(other));
        for (Families.Mismatch mismatch : families.mismatches(settings.config(), node)) {
            if (mismatch.fatal()) {
                throw new AgentEndedException(mismatch.text());
            }
            log.accept(LogLine.warning(mismatch.text()));
        }
        return primary;
    }

    private void lookAtKernel(Backend<R, C> backend, boolean tcpLiberal) throws InterruptedException {
        DryRun<R, C> looking = new DryRun<>(
                new KernelComparison<>(backend), cluster, () -> nodeSettings(tcpLiberal), metrics, log, clock);
        dryRun = looking;
        Duration every = settings.recheckEvery().isZero() ? Duration.ofMinutes(1) : settings.recheckEvery();
        while (true) {
            inOrder = looking.look();
            count(health::updated);
            cluster.pause(every);
        }
    }

    private void keepInStep(Backend<R, C> backend, boolean tcpLiberal, EventWriter events) throws InterruptedException {
        try (HealthCheckPorts ports = new HealthCheckPorts(
                        health::isSyncHealthy,
                        (service, reason) ->
                                events.service(service, true, "FailedToStartServiceHealthcheck", "Listen", reason));
                ConntrackReconciler conntrack = ConntrackReconciler.start(
                        settings.namespace(),
                        () -> Host.of(addresses.get()),
                        pass -> metrics.conntrackCleaned(pass.family(), pass.took(), pass.removed()),
                        clock)) {
            conntrackGauges(conntrack);
            affinityGauge();
            Backend<R, C> counted =
                    new CountedBackend<>(backend, new RuleCounts(metrics::rules), metrics::cleanupFailed);
            rounds(loop(counted, tcpLiberal), ports, events, conntrack);
        }
    }

    private void conntrackGauges(ConntrackReconciler conntrack) {
        metrics.gauge(
                "conntrack_reconciler_last_success_age_seconds",
                "Time since stale UDP flows were last all removed, or since the start.",
                () -> conntrack.status().sinceLastSuccess(clock.instant()).toSeconds());
        metrics.gauge(
                "conntrack_reconciler_waiting_seconds",
                "How long the oldest change has been waiting for the removal of its stale UDP flows.",
                () -> conntrack.status().waiting(clock.instant()).toSeconds());
        metrics.gauge(
                "conntrack_reconciler_failures",
                "Looks at UDP flows that failed since the start.",
                () -> conntrack.status().failures());
        if (settings.namespace() == null) {
            metrics.gauge("conntrack_entries", "Connections in the kernel's table.", connections::entries);
            metrics.gauge(
                    "conntrack_entries_limit",
                    "How many the kernel's table of connections can have; new ones are dropped then.",
                    connections::limit);
        }
    }

    /**
     * In iptables mode lists belong to a module of the kernel, and what is told of them is told at the start (AFF-14).
     */
    private void affinityGauge() {
        if (settings.mode() == ProxyMode.NFTABLES) {
            metrics.gauge(
                    "affinity_fullest_list_ratio",
                    "How full the fullest list of clients with ClientIP affinity was when rules were last read, 0 to 1.",
                    affinity::fill);
        }
    }

    private MetricsPages pages(ApiServer server, ClusterWatch watch) {
        StatusPage status = new StatusPage(settings, server.address(), watch, clock);
        metrics.gauge(
                "api_server_silence_seconds",
                "Time since the API server was last heard of Services and their endpoints.",
                () -> watch.status()
                        .age(clock.instant())
                        .map(Duration::toSeconds)
                        .orElse(-1L));
        metrics.pending(
                () -> cluster.pending().services(), () -> cluster.pending().slices());
        SortedMap<String, Supplier<String>> texts = new TreeMap<>();
        FeatureGates gates = settings.config().featureGates();
        if (gates.isOn(FeatureGates.STATUSZ)) {
            texts.put("/statusz", () -> status.text(last, health.status()));
        }
        if (gates.isOn(FeatureGates.FLAGZ)) {
            texts.put("/flagz", parts.flags());
        }
        if (settings.dryRun()) {
            texts.put("/diff", () -> {
                DryRun<R, C> looking = dryRun;
                return looking == null ? "not compared yet\n" : looking.page();
            });
        }
        return new MetricsPages(
                settings.mode(),
                metrics,
                () -> settings.config().written().json(),
                () -> status.readiness(inOrder, waitingFor),
                texts,
                settings.config().enableProfiling() ? new DebugPages(parts.verbosity()) : null);
    }

    private SyncLoop<R, C> loop(Backend<R, C> backend, boolean tcpLiberal) {
        return new SyncLoop<>(backend, cluster, () -> nodeSettings(tcpLiberal), clock);
    }

    /** CT-15: what conntrack does counts, not only what it was told to. */
    private NodeSettings nodeSettings(boolean tcpLiberal) {
        NodeSettings configured = settings.config().settings(settings.mode(), settings.nodeName(), addresses.get());
        return new NodeSettings(
                configured.mode(),
                configured.nodeName(),
                configured.bindAddresses(),
                configured.localAddresses(),
                configured.detectLocal(),
                configured.nodePortAddresses(),
                configured.masqueradeBit(),
                configured.masqueradeAll(),
                configured.localhostNodePorts(),
                configured.tcpBeLiberal() || tcpLiberal);
    }

    private void rounds(SyncLoop<R, C> loop, HealthCheckPorts ports, EventWriter events, ConntrackReconciler conntrack)
            throws InterruptedException {
        for (IpFamily family : IpFamily.values()) {
            health.updated(family);
        }
        long rechecked = clock.nanoTime();
        boolean recheck = false;
        while (true) {
            long begun = clock.nanoTime();
            SyncReport report = loop.sync(recheck);
            rechecked = recheck ? clock.nanoTime() : rechecked;
            boolean full = report.readsKernel();
            Duration took = clock.since(begun);
            if (report.delta() != null) {
                figures.apply(report.delta());
                conntrack.planned(report.delta());
            }
            tell(report, events);
            loop.news().forEach(line -> log.accept(LogLine.info(line)));
            if (full) {
                affinity.look(loop.fullestAffinity()).ifPresent(log);
            }
            if (report.outcome() == SyncReport.Outcome.FAILED) {
                inOrder = false;
                count(family -> {
                    metrics.syncFailed(family, full);
                    health.queued(family);
                });
            } else {
                inOrder = true;
                if (report.outcome() == SyncReport.Outcome.APPLIED) {
                    count(family -> metrics.synced(family, full, took));
                }
                afterSuccess(cluster.taken(), () -> serveHealthChecks(loop, ports), conntrack::committed)
                        .run();
                removeLeftovers();
            }
            if (settings.namespace() == null) {
                connections.look().map(LogLine::warning).ifPresent(log);
            }
            cluster.pause(Duration.ofNanos(
                    Math.max(rules().minSyncPeriod().toNanos(), loop.pause().toNanos())));
            giveBackMemory(report);
            loop.awaitWork(cluster::await, due(loop.isBehind(), rechecked));
            recheck = isRecheckDue(rechecked);
        }
    }

    /**
     * After a round over much, once nothing is waiting: what it leaves is garbage, and a serial collector gives memory
     * back only when it collects everything, which on its own it would not do for hours. The same goes for classes that
     * only such a round needs.
     */
    private void giveBackMemory(SyncReport report) throws InterruptedException {
        int services = report.delta() == null ? 0 : report.delta().services().size();
        boolean large = report.readsKernel() || services >= LARGE_ROUND;
        if (large && !cluster.await(QUIET)) {
            System.gc();
            IdleMemory.release();
        }
    }

    private AfterSuccess afterSuccess(WatchedCluster.Batch batch, Runnable healthChecks, Runnable conntrack) {
        Instant now = clock.instant();
        return new AfterSuccess(
                () -> batch.triggers()
                        .forEach(
                                trigger -> count(family -> metrics.programmed(family, Duration.between(trigger, now)))),
                () -> count(family -> metrics.withoutLocalEndpoints(
                        family, figures.withoutLocalInternal(family), figures.withoutLocalExternal(family))),
                this::updated,
                () -> count(family -> metrics.inOrder(family, now)),
                healthChecks,
                conntrack);
    }

    private void updated() {
        count(health::updated);
        cluster.confirm();
        WatchedCluster.Batch waiting = cluster.waiting();
        if (waiting.services() + waiting.slices() > 0) {
            count(health::queued);
        }
    }

    /** LBF-19: counts change only when rules are in order. */
    private void serveHealthChecks(SyncLoop<R, C> loop, HealthCheckPorts ports) {
        Map<IpFamily, HealthCheckPorts.Addresses> where = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            NodePlan node = loop.applied(family);
            if (node == null) {
                return;
            }
            where.put(
                    family,
                    switch (node.nodePortAddresses()) {
                        case NodePortAddresses.AnyLocal _ -> new HealthCheckPorts.Addresses.Every();
                        case NodePortAddresses.Only only
                        when only.addresses().isEmpty() && addresses.isUnknown() ->
                            new HealthCheckPorts.Addresses.Every(); // LBF-10
                        case NodePortAddresses.Only only ->
                            new HealthCheckPorts.Addresses.Only(new TreeSet<>(only.addresses()));
                    });
        }
        ports.update(figures.healthChecks(), where);
    }

    /** CLN-2: once our own rules are in, so that no Service is without rules for a moment. */
    private void removeLeftovers() {
        if (!leftoversGone) {
            leftoversGone = true;
            parts.leftovers().get().forEach(log);
        }
    }

    private void tell(SyncReport report, EventWriter events) {
        last = report;
        metrics.quarantined(report.quarantined().size());
        report.quarantined().forEach((service, reason) -> {
            if (quarantined.add(service)) {
                log.accept(
                        LogLine.error("quarantine: Service " + service + " is left out until it changes: " + reason));
                events.service(service, true, "FailedToProgramService", "Sync", reason);
            }
        });
        quarantined.retainAll(report.quarantined().keySet());
        if (SyncLog.isWorthALine(report)) {
            log.accept(SyncLog.line(report));
        }
    }

    private Duration due(boolean behind, long rechecked) {
        Duration retry = rules().syncPeriod();
        if (settings.recheckEvery().isZero()) {
            return behind ? retry : Duration.ofHours(1);
        }
        Duration left = settings.recheckEvery().minusNanos(clock.nanoTime() - rechecked);
        return behind && retry.compareTo(left) < 0 ? retry : left;
    }

    private boolean isRecheckDue(long rechecked) {
        Duration every = settings.recheckEvery();
        return !every.isZero() && clock.nanoTime() - rechecked >= every.toNanos();
    }

    private KubeProxyConfig.Rules rules() {
        return settings.config().rules(settings.mode());
    }

    private WatchOptions watchOptions() {
        WatchOptions options = WatchOptions.of(settings.nodeName());
        return settings.endpoints() ? options.withEndpoints() : options;
    }

    private static void count(Consumer<IpFamily> each) {
        for (IpFamily family : IpFamily.values()) {
            each.accept(family);
        }
    }
}
