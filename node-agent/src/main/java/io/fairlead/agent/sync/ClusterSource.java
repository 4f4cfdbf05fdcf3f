package io.fairlead.agent.sync;

import io.fairlead.agent.kubernetes.ClusterInput;
import java.io.IOException;

/** Where the objects come from: files now, an API server's watches later. */
@FunctionalInterface
public interface ClusterSource {

    /**
     * The cluster as it is now.
     *
     * @throws IOException if nothing can be said about it; then nothing is changed
     */
    ClusterInput read() throws IOException;
}
