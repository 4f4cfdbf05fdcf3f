package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import java.util.List;

/**
 * Where changes of the cluster go. Calls come one at a time, from threads of the source, and delay the reading of
 * further events: an implementation takes a note and returns. An object of which rules need the same as before is not
 * delivered again (SVC-28, EPS-12), and only an object that was delivered is ever reported as gone.
 */
public interface ClusterSink {

    /**
     * Objects are new, have changed, are gone, or are broken now.
     *
     * @param changes what one reading found; they belong together, so an implementation takes all of them at once
     */
    void changed(List<ClusterChange> changes);

    /**
     * Everything that the source had at the start has been delivered: from now on rules may be written (SYNC-1).
     * Comes once. An API server that is away later, and comes back, does not make it come again: what vanished
     * meanwhile is removed one by one.
     */
    void synced();

    /** Something in an object is wrong. Comes once for each object as long as the problem stays the same. */
    void problem(Problem problem);
}
