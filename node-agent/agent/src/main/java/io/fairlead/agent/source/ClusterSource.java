package io.fairlead.agent.source;

import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the objects come from. It delivers them to the sink that it was made with, from {@link #start} on. */
public interface ClusterSource extends AutoCloseable {

    /** For people: "API server https://10.0.0.1:6443/", "sources a.yaml, b.yaml". */
    String name();

    /** Begins to deliver and returns at once. */
    void start();

    /** Whether everything that there was at the start has been delivered. */
    boolean isSynced();

    /** How old the view of the objects is; empty if there has been none. Any thread. */
    Optional<Duration> age();

    /** What the source does and what fails, a line for each part. Any thread. */
    List<Detail> details();

    /** What is wrong with the objects that there are now. Its cost grows with the cluster. Any thread. */
    List<Problem> problems();

    /** Whether the cluster has a Node object for this node, which has to be waited for (PROTO-9). */
    boolean hasNodes();

    /** Where Events go. */
    EventSink events();

    /** Stops delivering. What has been delivered stays. */
    @Override
    void close();

    /**
     * A line of a status page.
     *
     * @param name of the part: "EndpointSlices"
     */
    record Detail(String name, String text) {}
}
