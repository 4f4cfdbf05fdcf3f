package io.fairlead.agent.loop;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.core.cluster.ClusterState;
import java.util.List;

/** Converts cluster states to batches of changes, as a source and the queue do. */
public final class StateChanges {
    private ClusterState known = ClusterState.EMPTY;

    /** Returns the changes from the previous state to this state. */
    public ChangeBatch to(ClusterState state) {
        ChangeBatch batch = new ChangeBatch(ClusterChange.between(known, state), List.of());
        known = state;
        return batch;
    }
}
