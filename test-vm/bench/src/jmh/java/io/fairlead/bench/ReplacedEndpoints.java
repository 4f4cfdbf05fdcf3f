package io.fairlead.bench;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.SliceObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of Services with two endpoints each, and changes that lead through states and back, so that they can be
 * gone through again and again.
 *
 * @param state how it begins
 * @param slices each of them is one change: an endpoint is replaced by another; in the second half the first ones
 *     come back
 */
record ReplacedEndpoints(ClusterState state, List<SliceObject> slices) {
    private static final int CHANGES = 200;

    /** As many Services with one frontend each, 200 or more. */
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

    /** The change after so many others. */
    SliceObject slice(int changes) {
        return slices.get(changes % slices.size());
    }
}
