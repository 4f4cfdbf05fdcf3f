package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.conntrack.ConntrackReconciler;

/**
 * Requests the removal of stale UDP flows after the rules are applied (CT-8). A stale UDP flow is an entry in the
 * kernel's connection table whose endpoint no longer serves.
 */
record ConntrackListener(ConntrackReconciler conntrack) implements RoundListener {

    @Override
    public void after(RoundResult result) {
        if (result.delta() != null) {
            conntrack.planned(result.delta());
        }
        if (result.outcome() != RoundResult.Outcome.FAILED) {
            conntrack.committed();
        }
    }
}
