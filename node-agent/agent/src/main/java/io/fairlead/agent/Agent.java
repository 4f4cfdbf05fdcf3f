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
 * Reads Kubernetes objects from an API server or from files, and updates the rules in the kernel when objects change,
 * until it is closed. The thread that calls {@link #run} computes and applies the rules. All other threads only add
 * changes to the queue or read results.
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

    /** Creates the agent. It does nothing before {@link #run}. */
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

    /** Ends {@link #run} after the current update of the rules. The rules stay in the kernel. Thread-safe. */
    public void stop() {
        queue.close();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Runs until the agent is closed or the thread is interrupted.
     *
     * @throws io.fairlead.cluster.watch.ApiServerException if no setting names an API server
     * @throws io.fairlead.agent.serve.BindFailedException if the agent cannot listen on an address and the
     *     configuration says that this is fatal
     * @throws AgentEndedException if another condition for running is not met; the message says which
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
                            pages.of(
                                    source,
                                    queue,
                                    status,
                                    dryRun,
                                    environment.site(),
                                    environment.flags(),
                                    environment.verbosity()),
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
                // The garbage of the start is released now, because the next step, rendering all rules, needs the most
                // memory.
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
            // The agent was stopped while it waited.
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

    /**
     * Sets sysctls and the OOM score, unless this is a dry run or the agent must not set them.
     *
     * @return whether the kernel's conntrack accepts TCP packets outside the window (CT-15); false if the agent must
     *     not set up the node, because this setting is then not read
     */
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
                                status,
                                environment.site()),
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
     * Returns the listeners in the order in which kube-proxy does the same work (SYNC-15): listeners that report the
     * result come first, listeners that may be slow come last.
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
                environment.site(),
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

    /**
     * Returns the IP families for which node ports are served on localhost (NP-16). The set is empty in another network
     * namespace, because this process can listen only in its own network namespace.
     */
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

    /**
     * Returns the settings that rules depend on. The kernel's actual setting for TCP packets outside the window is used
     * too, and not only the configuration (CT-15).
     */
    private NodeSettings nodeSettings(boolean tcpLiberal) {
        NodeSettings configured = settings.config()
                .settings(settings.mode(), settings.nodeName(), addresses.get())
                .serving(settings.served());
        return tcpLiberal ? configured.withLiberalTcp() : configured;
    }
}
