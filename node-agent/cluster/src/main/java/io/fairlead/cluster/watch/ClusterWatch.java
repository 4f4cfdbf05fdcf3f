package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fairlead.cluster.objects.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as its API server shows it, delivered to a {@link ClusterSink}: Services and EndpointSlices (or legacy
 * Endpoints) with kube-proxy's selectors (SVC-3 to SVC-5), this node's own Node, and ServiceCIDRs where the server has
 * them.
 *
 * <p>An API server that is absent at the start or for hours, that breaks connections or has forgotten the version a
 * watch wants to go on from (410 Gone), is asked again after 1 s, then after up to 32 s. What vanished meanwhile is
 * found by comparing, and removed. Nothing is ever removed because the server is away.
 */
public final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    // Which label counts on which kind is as in kube-proxy since 1.36; before, both counted on Services, slices and
    // ServiceCIDRs.
    private static final String NOT_OF_ANOTHER_PROXY = "!service.kubernetes.io/service-proxy-name";
    private static final String NOT_OF_A_HEADLESS_SERVICE = "!service.kubernetes.io/headless";
    private static final Duration LONGEST_TICK = Duration.ofSeconds(10);

    private final ApiServer server;
    private final KubernetesClient client;
    private final Traffic traffic;
    private final WatchOptions options;
    private final InstantSource clock;
    private final Delivery delivery;
    private final SharedNames names = new SharedNames();
    private final Map<WatchedKind, KindWatch<?>> watches = new EnumMap<>(WatchedKind.class);
    private final ScheduledExecutorService ticker;
    private final ReentrantLock syncing = new ReentrantLock();
    private volatile boolean synced;

    /** Nothing is asked before {@link #start()}. */
    public ClusterWatch(ApiServer server, WatchOptions options, ClusterSink sink, InstantSource clock) {
        this.server = server;
        this.client = server.client();
        this.traffic = server.traffic();
        this.options = options;
        this.clock = clock;
        this.delivery = new Delivery(sink);
        this.ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("cluster-watch").daemon().factory());
        traffic.onTurn(this::tell);
        addWatches();
    }

    private void addWatches() {
        // Servers before 1.21 do not know the field; those that have slices alone are asked with it.
        var services = client.services().inAnyNamespace().withLabelSelector(NOT_OF_ANOTHER_PROXY);
        add(
                WatchedKind.SERVICES,
                options.endpoints() ? services : services.withoutField("spec.clusterIP", "None"),
                Service::new);
        if (options.endpoints()) {
            add(
                    WatchedKind.ENDPOINTS,
                    client.endpoints().inAnyNamespace().withLabelSelector(NOT_OF_A_HEADLESS_SERVICE),
                    Endpoints::new);
        } else {
            add(
                    WatchedKind.SLICES,
                    client.discovery()
                            .v1()
                            .endpointSlices()
                            .inAnyNamespace()
                            .withLabelSelector(NOT_OF_A_HEADLESS_SERVICE),
                    EndpointSlice::new);
        }
        if (!options.nodeName().isEmpty()) {
            add(WatchedKind.NODE, client.nodes().withField("metadata.name", options.nodeName()), Node::new);
        }
        add(WatchedKind.SERVICE_CIDRS, client.resources(ServiceCIDR.class), ServiceCIDR::new);
    }

    private <T extends HasMetadata> void add(WatchedKind kind, Informable<T> objects, Supplier<T> blank) {
        watches.put(
                kind,
                new KindWatch<>(
                        kind,
                        objects.withLimit((long) options.pageSize()),
                        new ReducingStore<>(blank, delivery, names),
                        traffic,
                        clock,
                        this::progress));
    }

    /** Begins to ask and returns at once. */
    public void start() {
        watches.values().forEach(KindWatch::start);
        Duration quarter = options.silence().dividedBy(4);
        long tick = (quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK).toMillis();
        var _ = ticker.scheduleWithFixedDelay(this::tend, tick, tick, TimeUnit.MILLISECONDS);
    }

    /** How the view stands now. */
    public WatchStatus status() {
        Map<WatchedKind, WatchStatus.OfKind> kinds = new EnumMap<>(WatchedKind.class);
        watches.forEach((kind, watch) -> kinds.put(kind, watch.status()));
        return new WatchStatus(synced, kinds);
    }

    /** What is wrong with the objects there are now, by object. Its cost grows with the cluster. */
    public List<Problem> problems() {
        return watches.values().stream()
                .flatMap(KindWatch::problems)
                .sorted(Comparator.comparing(Problem::object).thenComparing(Problem::field))
                .toList();
    }

    /** Stops asking. What has been delivered stays; nothing is removed. */
    @Override
    public void close() {
        ticker.shutdownNow();
        watches.values().forEach(KindWatch::close);
    }

    private void tend() {
        try {
            server.poll();
            watches.values().forEach(watch -> watch.tend(options.silence()));
        } catch (RuntimeException e) {
            LOG.error("while looking after the watches", e);
        }
    }

    /**
     * SYNC-1. Without its Node or ServiceCIDRs an agent would write some rules wrongly for a moment, so their lists are
     * waited for too; but an answer that is an error is an answer.
     */
    private void progress() {
        syncing.lock();
        try {
            boolean complete = watches.entrySet().stream().allMatch(entry -> switch (entry.getKey()) {
                case SERVICES, SLICES, ENDPOINTS -> entry.getValue().listed();
                case NODE, SERVICE_CIDRS -> entry.getValue().listedOrFailed();
            });
            if (complete && !synced) {
                synced = true;
                delivery.synced();
            }
        } finally {
            syncing.unlock();
        }
    }

    private void tell(WatchedKind kind) {
        String failure = traffic.failure(kind);
        Instant since = traffic.failingSince(kind);
        if (failure != null) {
            LOG.warn("cannot follow {}: {}; rules stay as they are, asking again", kind.text(), failure);
        } else if (since != null) {
            LOG.info(
                    "following {} again after {} s",
                    kind.text(),
                    Duration.between(since, clock.instant()).toSeconds());
        }
    }
}
