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
 * Watches the objects of the cluster on the API server and delivers their changes to a {@link ClusterSink}. The objects
 * are Services and EndpointSlices (or legacy Endpoints) with kube-proxy's selectors (SVC-3 to SVC-5), this node's own
 * Node, and ServiceCIDRs if the server has this kind.
 *
 * <p>The API server may be unreachable at the start or for hours, may close connections, or may no longer know the
 * resource version from which a watch continues (410 Gone). Failed requests are sent again after 1 s, later after up to
 * 32 s. Objects that were deleted in the meantime are found when the objects are listed again, and are reported as
 * gone. No object is removed because the server is unreachable.
 */
public final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    // Each kind is selected by the same label as in kube-proxy since 1.36. Earlier versions of kube-proxy checked both
    // labels on Services, slices and ServiceCIDRs.
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

    /** Creates the watch. No request is sent before {@link #start()}. */
    public ClusterWatch(ApiServer server, WatchOptions options, ClusterSink sink, InstantSource clock) {
        this.server = server;
        this.client = server.client();
        this.traffic = server.traffic();
        this.options = options;
        this.clock = clock;
        this.delivery = new Delivery(sink);
        this.ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("cluster-watch").daemon().factory());
        traffic.onTurn(this::log);
        addWatches();
    }

    private void addWatches() {
        // API servers before 1.21 cannot select Services by spec.clusterIP. Therefore the selector is used only if
        // slices are read.
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

    /** Starts all watches without waiting for an answer. */
    public void start() {
        watches.values().forEach(KindWatch::start);
        Duration quarter = options.silence().dividedBy(4);
        long tick = (quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK).toMillis();
        var _ = ticker.scheduleWithFixedDelay(this::tend, tick, tick, TimeUnit.MILLISECONDS);
    }

    /** Returns the current state of all watches. */
    public WatchStatus status() {
        Map<WatchedKind, WatchStatus.OfKind> kinds = new EnumMap<>(WatchedKind.class);
        watches.forEach((kind, watch) -> kinds.put(kind, watch.status()));
        return new WatchStatus(synced, kinds);
    }

    /**
     * Returns the problems of all current objects, ordered by object. The call takes time proportional to the number of
     * objects.
     */
    public List<Problem> problems() {
        return watches.values().stream()
                .flatMap(KindWatch::problems)
                .sorted(Comparator.comparing(Problem::object).thenComparing(Problem::field))
                .toList();
    }

    /** Ends all watches. The delivered objects remain valid: none of them is reported as gone. */
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
            LOG.error("unexpected exception while checking the watches; checking again later", e);
        }
    }

    /**
     * Reports that all objects were listed (SYNC-1). Without its Node and the ServiceCIDRs, the agent would write wrong
     * rules for a short time. Therefore the lists of these two kinds are awaited too, but a failure of such a list also
     * ends the wait.
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

    private void log(WatchedKind kind) {
        String failure = traffic.failure(kind);
        Instant since = traffic.failingSince(kind);
        if (failure != null) {
            LOG.warn("cannot follow {} ({}); keeping current rules, retrying", kind.text(), failure);
        } else if (since != null) {
            LOG.info(
                    "following {} again, after {} s",
                    kind.text(),
                    Duration.between(since, clock.instant()).toSeconds());
        }
    }
}
