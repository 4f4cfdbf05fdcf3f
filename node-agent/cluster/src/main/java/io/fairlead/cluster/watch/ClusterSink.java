package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where changes of the cluster go. Calls come one at a time, from threads of the API client, and hold up the reading of
 * further events: an implementation takes a note and returns. An object that comes out of the reduction as it was is not
 * delivered again (SVC-28, EPS-12), and {@code remove} only for what was put before.
 */
public interface ClusterSink {

    /** A Service is new or has changed. */
    void put(ServiceObject service);

    /** A Service is gone, or is broken now. */
    void remove(ServiceName name);

    /**
     * A slice is new or has changed.
     *
     * @param triggered when the pods changed that made the slice change (EPS-16); null if the slice does not say
     */
    void put(SliceObject slice, @Nullable Instant triggered);

    /** A slice is gone, or is broken now. */
    void remove(SliceObject.Key key);

    /** This node's own Node is new or has changed. */
    void put(NodeObject node);

    /** This node's own Node is gone. */
    void removeNode(String name);

    /** A ServiceCIDR is new or has changed. */
    void put(ServiceCidrObject cidr);

    /** A ServiceCIDR is gone. */
    void removeServiceCidr(String name);

    /**
     * Everything there was at the start has been delivered: from now on rules may be written (SYNC-1). Comes once. An API
     * server that is away later, and comes back, does not make it come again: what vanished meanwhile is removed one by one.
     */
    void synced();

    /** Something in an object is not as it should be. Comes once for each object as long as the problem stays the same. */
    void problem(Problem problem);
}
