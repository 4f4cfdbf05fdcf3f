package io.fairlead.agent.source;

import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A source of the objects. From {@link #start} on it delivers them to the sink of its constructor. */
public interface ClusterSource extends AutoCloseable {

    /** Returns a name for people: "API server https://10.0.0.1:6443/", "sources a.yaml, b.yaml". */
    String name();

    /** Starts to deliver and returns at once. */
    void start();

    /** Returns whether everything that existed at the start has been delivered. */
    boolean isSynced();

    /** Returns the age of the view of the objects; empty if there was none. Any thread may call it. */
    Optional<Duration> age();

    /** Returns what the source does and what fails, a line for each part. Any thread may call it. */
    List<Detail> details();

    /** Returns the problems of all current objects. Its cost grows with the cluster. Any thread may call it. */
    List<Problem> problems();

    /** Returns whether this node has a Node object, for which the agent must wait (PROTO-9). */
    boolean hasNodes();

    /** Returns the receiver of Events. */
    EventSink events();

    /** Stops delivering. What was delivered stays. */
    @Override
    void close();

    /**
     * A line of a status page.
     *
     * @param name the name of the part: "EndpointSlices"
     */
    record Detail(String name, String text) {}
}
