package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import java.util.List;

/**
 * The receiver of cluster changes. Calls come one at a time, from threads of the source, and delay the reading of
 * further events. Therefore an implementation only stores the change and returns. An object is not delivered again if
 * rules need the same of it as before (SVC-28, EPS-12). Only an object that was delivered is ever reported as gone.
 */
public interface ClusterSink {

    /**
     * Objects are new, have changed, are gone, or are now broken.
     *
     * @param changes the result of one reading. They belong together: an implementation handles all of them at once
     */
    void changed(List<ClusterChange> changes);

    /**
     * Everything that the source had at the start has been delivered. From now on rules may be written (SYNC-1). It is
     * called once: if the API server is absent later and returns, it is not called again, and objects that were deleted
     * meanwhile are reported as gone one by one.
     */
    void synced();

    /** Something in an object is wrong. It is called once for each object as long as the problem stays the same. */
    void problem(Problem problem);
}
