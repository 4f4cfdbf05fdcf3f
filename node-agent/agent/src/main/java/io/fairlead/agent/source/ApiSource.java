package io.fairlead.agent.source;

import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ApiServer;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.cluster.watch.ClusterWatch;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.cluster.watch.EventWriter;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.cluster.watch.WatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source that lists and watches the objects of an API server. */
public final class ApiSource implements ClusterSource {
    private final ApiServer server;
    private final ClusterWatch watch;
    private final @Nullable EventWriter events;
    private final InstantSource clock;

    /**
     * Creates the source. No request is sent before {@link #start}. {@link #close} also closes the server's client.
     *
     * @param events whether Events are written to the API server
     */
    public ApiSource(ApiServer server, WatchOptions options, ClusterSink sink, boolean events, InstantSource clock) {
        this.server = server;
        this.watch = new ClusterWatch(server, options, sink, clock);
        this.events = events ? new EventWriter(server, options.nodeName(), clock) : null;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "API server " + server.address();
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public boolean isSynced() {
        return watch.status().synced();
    }

    @Override
    public Optional<Duration> age() {
        return watch.status().age(clock.instant());
    }

    @Override
    public List<Detail> details() {
        Instant now = clock.instant();
        List<Detail> details = new ArrayList<>();
        watch.status().kinds().forEach((kind, state) -> details.add(new Detail(kind.text(), describe(state, now))));
        return details;
    }

    private static String describe(WatchStatus.OfKind kind, Instant now) {
        Instant heard = kind.lastHeard();
        String when = heard == null
                ? "no answer yet"
                : "last answer " + Duration.between(heard, now).toSeconds() + " s ago";
        return (kind.listed() ? kind.objects() + " objects, " : "not listed, ")
                + when
                + (kind.failure() == null ? "" : "; failing: " + kind.failure());
    }

    @Override
    public List<Problem> problems() {
        return watch.problems();
    }

    @Override
    public boolean hasNodes() {
        return true;
    }

    @Override
    public EventSink events() {
        return events == null ? EventSink.NONE : events;
    }

    @Override
    public void close() {
        watch.close();
        if (events != null) {
            events.close();
        }
        server.close();
    }
}
