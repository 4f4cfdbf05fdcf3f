package io.fairlead.agent.sync;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.plan.Planner;
import java.io.IOException;
import java.util.Optional;

/** Where the objects come from: files, or an API server's watches. */
@FunctionalInterface
public interface ClusterSource {

    /** A source that is read from its beginning to its end each time. */
    @FunctionalInterface
    interface Whole {
        /**
         * The cluster as it is now.
         *
         * @throws IOException if nothing can be said about it; then nothing is changed
         */
        ClusterInput read() throws IOException;
    }

    /**
     * Tells a planner what has changed since the last call; to the first call everything has. Always the same planner.
     *
     * @return what was read, if the source is read as a whole
     * @throws IOException if nothing can be said about the objects; then the planner has been told nothing
     */
    Optional<ClusterInput> feed(Planner planner) throws IOException;

    /** The planner compares what is read with what it knows. */
    static ClusterSource of(Whole source) {
        return planner -> {
            ClusterInput input = source.read();
            planner.replace(input.state());
            return Optional.of(input);
        };
    }
}
