package io.fairlead.bench;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.SliceObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of Services with two endpoints each, and a cycle of changes. The cycle can be repeated any number of times,
 * because the last change restores the first state.
 *
 * @param state the state before the first change
 * @param slices the changed slices, one for each change. In the first half of the changes an endpoint is replaced by
 *     another; the second half restores the first endpoints
 */
record ReplacedEndpoints(ClusterState state, List<SliceObject> slices) {
    private static final int CHANGES = 200;

    /** Returns a cluster with this number of Services (at least 200), each with one frontend. */
    static ReplacedEndpoints of(int frontends) {
        BenchCluster cluster = new BenchCluster(frontends, 2);
        ClusterState before = cluster.state();
        for (int i = 0; i < CHANGES; i++) {
            cluster.changeOneEndpoint();
        }
        List<SliceObject> there = new ArrayList<>();
        List<SliceObject> back = new ArrayList<>();
        cluster.state().slices().forEach((key, slice) -> {
            SliceObject old = before.slices().get(key);
            if (!slice.equals(old)) {
                there.add(slice);
                back.add(old);
            }
        });
        if (there.size() != CHANGES) {
            throw new IllegalStateException("some Services changed twice: " + there.size());
        }
        there.addAll(back);
        return new ReplacedEndpoints(before, List.copyOf(there));
    }

    /**
     * Returns the EndpointSlice after the next change.
     *
     * @param changes the number of changes before it
     */
    SliceObject slice(int changes) {
        return slices.get(changes % slices.size());
    }
}
