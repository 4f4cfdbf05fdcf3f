package io.fairlead.agent.loop;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.core.cluster.ClusterState;
import java.util.List;

/** Turns states of a cluster into batches of what differs, as a source and the queue would. */
public final class StateChanges {
    private ClusterState known = ClusterState.EMPTY;

    /** What has to change for this state. */
    public ChangeBatch to(ClusterState state) {
        ChangeBatch batch = new ChangeBatch(ClusterChange.between(known, state), List.of());
        known = state;
        return batch;
    }
}
