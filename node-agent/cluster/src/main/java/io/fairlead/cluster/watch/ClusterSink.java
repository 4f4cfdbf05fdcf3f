package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import java.util.List;
import java.util.function.Supplier;

/**
 * The receiver of cluster changes. The source calls its methods one at a time, from several threads, and reads no
 * further events during a call. Therefore an implementation only stores the changes and returns. A change of an object
 * is delivered only if it changes a field that rules need (SVC-28, EPS-12). An object is reported as gone only if it
 * was delivered before.
 */
public interface ClusterSink {

    /**
     * Receives objects that are new, have changed, were deleted, or have become unusable.
     *
     * @param changes the changes that result from one object of the API server. An implementation handles all of them
     *     together
     */
    void changed(List<ClusterChange> changes);

    /**
     * Called once, when all objects that existed at the start have been delivered. From now on rules may be written
     * (SYNC-1). This method is not called again if the API server becomes unreachable and returns. Objects that were
     * deleted in the meantime are then reported as gone one by one.
     */
    void synced();

    /**
     * Reports one problem of an object. A problem is reported again only after the problems of the object have changed.
     */
    void problem(Problem problem);

    /**
     * Receives the names of the pods in one object. Rules do not depend on them, so the agent ignores them.
     *
     * @param names returns the names; it must be called during this call, because the object is not kept
     */
    void pods(Supplier<PodNames> names);
}
