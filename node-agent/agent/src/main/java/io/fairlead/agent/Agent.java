package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.AgentLoop;
import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.loop.ComparingRounds;
import io.fairlead.agent.loop.DryRunReport;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundLog;
import io.fairlead.agent.loop.RuleSync;
import io.fairlead.agent.process.IdleMemory;
import io.fairlead.agent.serve.HealthCheckPorts;
import io.fairlead.agent.serve.HealthPages;
import io.fairlead.agent.serve.PageServer;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.agent.source.ApiSource;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.FileSource;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.watch.ApiServer;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.conntrack.ConntrackReconciler;
import io.fairlead.conntrack.TableFill;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.linux.time.TimeSource;
import io.fairlead.localhost.LocalhostPorts;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;

/**
 * Follows an API server or files and keeps the kernel in step until it is closed. The thread that calls {@link #run}
 * plans and applies. All other threads only add to its queue or read its results.
 */
public final class Agent<R extends Ruleset, C extends Change> implements Closeable {
    private static final Logger LOG = AgentLog.LOG;

    private final AgentSettings settings;
    private final AgentEnvironment<R, C> environment;
    private final InterfaceView addresses;
    private final TimeSource time;
    private final ProxyMetrics metrics;
    private final ProxyHealth health;
    private final ChangeQueue queue;
    private final DryRunReport dryRun = new DryRunReport();

    /** Creates the agent; it does not run yet. */
    public Agent(AgentSettings settings, AgentEnvironment<R, C> environment) {
        this.settings = settings;
        this.environment = environment;
        this.time = environment.time();
        this.addresses = new InterfaceView(environment.addresses());
        this.metrics = new ProxyMetrics(settings.mode());
        this.health = new ProxyHealth(settings.rules().syncPeriod(), time);
        boolean needsNode = settings.source() instanceof AgentSettings.Source.ApiServer;
        this.queue = new ChangeQueue(new ChangeObserver(metrics.sync(), health, needsNode, time), time);
    }

    /** Ends {@link #run} after the current round; the rules stay. Any thread may call it. */
    public void stop() {
        queue.close();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Runs until it is closed or interrupted.
     *
     * @throws io.fairlead.cluster.watch.ApiServerException if no setting names an API server
     * @throws io.fairlead.agent.serve.BindFailedException if it cannot listen on an address and that is fatal
     * @throws AgentEndedException if something else that it needs is missing
     */
    public void run() {
        KubeProxyConfig config = settings.config();
        boolean tcpLiberal = prepareNode();
        try (ClusterSource source = source()) {
            StatusPage status = new StatusPage(settings, source, time);
            AgentPages pages = new AgentPages(settings, metrics, health, time);
            pages.add(environment.counted());
            try (PageServer _ = PageServer.start(
                            config.healthzBindAddress(),
                            new HealthPages(health, metrics.served()::healthz, metrics.served()::livez),
                            onFailure(source.events(), "FailedToStartProxierHealthcheck"));
                    PageServer _ = PageServer.start(
                            config.metricsBindAddress(),
                            pages.of(source, queue, status, dryRun, environment.flags(), environment.verbosity()),
                            onFailure(source.events(), "FailedToStartMetricServer"))) {
                LOG.info(
                        "started: {}, node {}, {}{}",
                        settings.mode().text(),
                        settings.nodeName(),
                        source.name(),
                        settings.dryRun() ? ", dry run (writes nothing)" : "");
                source.start();
                source.events().node(false, "Starting", "StartKubeProxy", "");
                queue.awaitSynced();
                // Start-up garbage is released here, before the first full render, which is the memory peak.
                IdleMemory.release();
                IpFamily primary = new NodeFamilies(settings, queue, status, environment.hasRulesOf()).primary(source);
                Backend<R, C> backend = environment.backend().apply(primary);
                if (settings.dryRun()) {
                    compare(backend, tcpLiberal, status);
                } else {
                    keepInStep(backend, tcpLiberal, status, source.events(), pages);
                }
            }
        } catch (InterruptedException _) {
            // stopped while it waited
        }
    }

    private ClusterSource source() {
        return switch (settings.source()) {
            case AgentSettings.Source.ApiServer(String master, boolean endpoints, Duration _) -> {
                settings.config().clientConnection().notes().forEach(LOG::info);
                WatchOptions options = WatchOptions.of(settings.nodeName());
                ApiServer server = ApiServer.connect(
                        KubeconfigFiles.of(settings.config().clientConnection().kubeconfig()),
                        master,
                        time,
                        metrics.served()::requested);
                yield new ApiSource(
                        server, endpoints ? options.withEndpoints() : options, queue, !settings.dryRun(), time);
            }
            case AgentSettings.Source.Files files -> {
                try {
                    yield new FileSource(files.paths(), files.recursive(), files.pollEvery(), queue, time);
                } catch (IOException e) {
                    throw new AgentEndedException("cannot watch files for changes: " + e.getMessage());
                }
            }
        };
    }

    /** @return whether conntrack accepts odd TCP packets (CT-15) */
    private boolean prepareNode() {
        if (environment.node() == null) {
            return false;
        }
        if (!settings.dryRun()) {
            new NodePreparation(settings.config(), settings.mode(), environment.node()).prepare();
        }
        return environment.node().isTcpLiberal();
    }

    private PageServer.OnFailure onFailure(EventSink events, String reason) {
        return new PageServer.OnFailure(
                settings.config().bindAddressHardFail(),
                message -> events.node(true, reason, "StartKubeProxy", message));
    }

    private void compare(Backend<R, C> backend, boolean tcpLiberal, StatusPage status) throws InterruptedException {
        Duration every = settings.recheckEvery().isZero() ? Duration.ofMinutes(1) : settings.recheckEvery();
        new AgentLoop(
                        new ComparingRounds<>(backend, () -> nodeSettings(tcpLiberal), time),
                        queue,
                        new AgentLoop.Pacing(every, every, every),
                        List.of(
                                dryRun,
                                new MetricsListener.OfDryRun(metrics.dryRun()),
                                new HealthListener.OfDryRun(health),
                                status),
                        time)
                .run();
    }

    private void keepInStep(
            Backend<R, C> backend, boolean tcpLiberal, StatusPage status, EventSink events, AgentPages pages)
            throws InterruptedException {
        try (HealthCheckPorts ports = new HealthCheckPorts(
                        health::isSyncHealthy,
                        (service, reason) ->
                                events.service(service, true, "FailedToStartServiceHealthcheck", "Listen", reason));
                ConntrackReconciler conntrack = ConntrackReconciler.start(
                        settings.namespace(),
                        () -> Host.of(addresses.get()),
                        pass -> metrics.sync().conntrackCleaned(pass.family(), pass.took(), pass.removed()),
                        time);
                LocalhostPorts localhost = new LocalhostPorts(
                        time::nanoTime, () -> ThreadLocalRandom.current().nextLong())) {
            for (IpFamily family : IpFamily.values()) {
                health.updated(family);
            }
            new AgentLoop(
                            new RuleSync<>(backend, () -> nodeSettings(tcpLiberal), time),
                            queue,
                            new AgentLoop.Pacing(
                                    settings.rules().minSyncPeriod(),
                                    settings.rules().syncPeriod(),
                                    settings.recheckEvery()),
                            listeners(events, status, ports, localhost, conntrack, pages),
                            time)
                    .run();
        }
    }

    /**
     * Returns the listeners in kube-proxy's order (SYNC-15): first those that report the result, then those that may be
     * slow.
     */
    List<RoundListener> listeners(
            EventSink events,
            StatusPage status,
            HealthCheckPorts ports,
            LocalhostPorts localhost,
            ConntrackReconciler conntrack,
            AgentPages pages) {
        TableFill connections = new TableFill();
        AffinityListener affinity = new AffinityListener();
        pages.add(conntrack, connections);
        pages.add(affinity);
        List<RoundListener> listeners = new ArrayList<>(List.of(
                new RoundLog(),
                new EventListener(events),
                new MetricsListener(metrics.sync(), time),
                new HealthListener(health, metrics.sync(), queue, time),
                status,
                new HealthCheckListener(ports, addresses),
                new LocalhostListener(localhost, localhostFamilies(pages, localhost)),
                new ConntrackListener(conntrack),
                affinity,
                new LeftoverListener(environment.removeLeftovers())));
        if (settings.namespace() == null) {
            listeners.add(new ConnectionTableListener(connections));
        }
        listeners.add(new MemoryListener());
        return listeners;
    }

    /** NP-16: a listener works only in this process's network namespace. */
    private Set<IpFamily> localhostFamilies(AgentPages pages, LocalhostPorts localhost) {
        Set<IpFamily> families = LocalhostListener.families(settings.config(), settings.mode());
        if (families.isEmpty()) {
            return families;
        }
        if (settings.namespace() != null) {
            LOG.warn(
                    "not serving node ports on localhost, because the agent uses network namespace {}",
                    settings.namespace());
            return Set.of();
        }
        pages.add(localhost);
        return families;
    }

    /** CT-15: the actual behaviour of conntrack decides, and not only the configured one. */
    private NodeSettings nodeSettings(boolean tcpLiberal) {
        NodeSettings configured = settings.config().settings(settings.mode(), settings.nodeName(), addresses.get());
        return tcpLiberal ? configured.withLiberalTcp() : configured;
    }
}
