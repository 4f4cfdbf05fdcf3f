package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fairlead.core.cluster.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events (events.k8s.io/v1) in a separate thread. The Events name kube-proxy as their reporter (EVT-1 to EVT-4).
 * An Event that cannot be written is lost, because Events are only information for users.
 */
public final class EventWriter implements EventSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final String REPORTER = "kube-proxy";
    private static final int MOST_WAITING = 100;
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final String nodeName;
    private final InstantSource clock;
    private final AtomicLong number = new AtomicLong();
    private final ExecutorService thread;

    /** Creates a writer whose Events name this node. */
    public EventWriter(ApiServer server, String nodeName, InstantSource clock) {
        this.client = server.client();
        this.nodeName = nodeName;
        this.clock = clock;
        this.thread = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("events").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Writes the name of the node into the field for the UID too (EVT-4). */
    @Override
    public void node(boolean warning, String reason, String action, String note) {
        write(
                new ObjectReferenceBuilder()
                        .withKind("Node")
                        .withName(nodeName)
                        .withUid(nodeName)
                        .build(),
                "default",
                warning,
                reason,
                action,
                note);
    }

    @Override
    public void service(ServiceName name, boolean warning, String reason, String action, String note) {
        write(
                new ObjectReferenceBuilder()
                        .withKind("Service")
                        .withApiVersion("v1")
                        .withNamespace(name.namespace())
                        .withName(name.name())
                        .build(),
                name.namespace(),
                warning,
                reason,
                action,
                note);
    }

    /** Waits up to 2 s until the queued Events are written, because the last Event may say why the agent ends. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_AT_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException _) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void write(
            ObjectReference about, String namespace, boolean warning, String reason, String action, String note) {
        Instant now = clock.instant();
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(about.getName() + "." + Long.toHexString(now.toEpochMilli()) + "."
                        + Long.toHexString(number.incrementAndGet()))
                .endMetadata()
                .withEventTime(new MicroTime(MICROSECONDS.format(now)))
                .withReportingController(REPORTER)
                .withReportingInstance(REPORTER + "-" + nodeName)
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withAction(action)
                .withRegarding(about)
                .withNote(note.length() > 1000 ? note.substring(0, 1000) : note)
                .build();
        thread.execute(() -> {
            try {
                client.resource(event).create();
            } catch (KubernetesClientException e) {
                LOG.info("cannot write the Event {} about {}: {}", reason, about.getName(), Traffic.describe(e));
            }
        });
    }
}
