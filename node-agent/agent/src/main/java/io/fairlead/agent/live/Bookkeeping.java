package io.fairlead.agent.live;

import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What health and metrics are told of each event. */
record Bookkeeping(ProxyMetrics metrics, ProxyHealth health, InstantSource clock) implements WatchedCluster.Listener {

    @Override
    public void serviceChanged() {
        metrics.serviceChange();
        queued();
    }

    @Override
    public void sliceChanged() {
        metrics.endpointChange();
        queued();
    }

    /** HTTP-6. */
    @Override
    public void nodeChanged(@Nullable NodeObject node) {
        health.nodeEligible(node != null && !node.beingDeleted());
    }

    private void queued() {
        Instant now = clock.instant();
        for (IpFamily family : IpFamily.values()) {
            health.queued(family);
            metrics.queued(family, now);
        }
    }
}
