package io.fairlead.agent.source;

import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A source of Kubernetes objects. After {@link #start} it delivers objects and their changes to the sink that its
 * constructor received.
 */
public interface ClusterSource extends AutoCloseable {

    /** Returns the name of the source for users: "API server https://10.0.0.1:6443/", "sources a.yaml, b.yaml". */
    String name();

    /** Starts to deliver objects, and returns without waiting for them. */
    void start();

    /** Returns whether all objects that existed at the start have been delivered. */
    boolean isSynced();

    /**
     * Returns the time since the source last received data about the objects; empty if it has received none.
     * Thread-safe.
     */
    Optional<Duration> age();

    /** Returns the state of each part of the source, with its current failure if there is one. Thread-safe. */
    List<Detail> details();

    /**
     * Returns the problems of all current objects. The call takes time proportional to the number of objects.
     * Thread-safe.
     */
    List<Problem> problems();

    /**
     * Returns whether the source has Node objects. If it has, the agent must wait for the Node object of this node
     * (PROTO-9).
     */
    boolean hasNodes();

    /** Returns the receiver of Events that the agent writes. */
    EventSink events();

    /** Stops delivering. The delivered objects remain valid. */
    @Override
    void close();

    /**
     * A line on the status page.
     *
     * @param name the name of a part of the source: "EndpointSlices"
     * @param text the state of this part
     */
    record Detail(String name, String text) {}
}
