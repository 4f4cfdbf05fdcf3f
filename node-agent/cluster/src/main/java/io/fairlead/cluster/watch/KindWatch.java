package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fairlead.cluster.objects.Problem;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the objects of one kind with an informer of fabric8. If the API server does not know ServiceCIDRs,
 * their informer ends. A new informer is started after 10 minutes, because the server may know the kind after an
 * upgrade.
 *
 * @param <T> the class of the objects
 */
final class KindWatch<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final Duration UNKNOWN_KIND_RETRY = Duration.ofMinutes(10);

    private final WatchedKind kind;
    private final Informable<T> objects;
    private final ReducingStore<T> store;
    private final Traffic traffic;
    private final InstantSource clock;
    private final Runnable progress;
    private volatile boolean listed;
    private volatile boolean closed;
    private volatile @Nullable Instant unknownSince;
    private @Nullable SharedIndexInformer<T> informer;

    /**
     * Creates the watch. No request is sent before {@link #start()}.
     *
     * @param progress called when a list is complete, and when listing or watching fails
     */
    KindWatch(
            WatchedKind kind,
            Informable<T> objects,
            ReducingStore<T> store,
            Traffic traffic,
            InstantSource clock,
            Runnable progress) {
        this.kind = kind;
        this.objects = objects;
        this.store = store;
        this.traffic = traffic;
        this.clock = clock;
        this.progress = progress;
    }

    synchronized void start() {
        if (closed) {
            return;
        }
        SharedIndexInformer<T> started = objects.runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store)
                .exceptionHandler((_, failure) -> goesOnAfter(failure))
                .addEventHandler(new ListEnd());
        informer = started;
        started.start();
    }

    /**
     * Restarts a watch on which the server sends nothing, and an informer that ended because the server did not know
     * the kind. fabric8 restarts neither. The caller calls this method every few seconds.
     *
     * @param silence the time after which a watch without data is restarted
     */
    void tend(Duration silence) {
        if (traffic.cutIfSilent(kind, silence)) {
            LOG.info("received nothing for {} for {} s; reopening the watch", kind.text(), silence.toSeconds());
        }
        Instant since = unknownSince;
        if (since != null && Duration.between(since, clock.instant()).compareTo(UNKNOWN_KIND_RETRY) > 0) {
            unknownSince = null;
            start();
        }
    }

    boolean listed() {
        return listed;
    }

    /**
     * Returns whether a list was read completely, the last request for the kind failed, or the server does not know the
     * kind.
     */
    boolean listedOrFailed() {
        return listed || unknownSince != null || traffic.failure(kind) != null;
    }

    WatchStatus.OfKind status() {
        return new WatchStatus.OfKind(
                listed, store.size(), traffic.heard(kind), traffic.failure(kind), traffic.failingSince(kind));
    }

    Stream<Problem> problems() {
        return store.problems();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (informer != null) {
            informer.stop();
        }
    }

    private boolean goesOnAfter(Throwable failure) {
        if (kind == WatchedKind.SERVICE_CIDRS && isUnknownKind(failure)) {
            LOG.info(
                    "the API server does not have {} (it is older than 1.33); retrying every {} min",
                    kind.text(),
                    UNKNOWN_KIND_RETRY.toMinutes());
            unknownSince = clock.instant();
            progress.run();
            return false;
        }
        if (!closed) {
            traffic.failed(kind, Traffic.describe(failure));
            progress.run();
        }
        return true;
    }

    private static boolean isUnknownKind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException answered
                    && answered.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return true;
            }
        }
        return false;
    }

    /** Observes the end of a list. The store already delivers the changes of objects. */
    private final class ListEnd implements ResourceEventHandler<T> {
        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            listed = true;
            traffic.succeeded(kind);
            progress.run();
        }

        @Override
        public void onAdd(T object) {}

        @Override
        public void onUpdate(T before, T now) {}

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {}
    }
}
