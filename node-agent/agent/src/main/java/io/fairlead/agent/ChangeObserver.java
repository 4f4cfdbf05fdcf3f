package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.SyncMetrics;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;

/**
 * Updates health and metrics on each change of an object, and logs the problems of objects.
 *
 * @param needsNode whether the node counts as not eligible for traffic while its Node object does not exist (HTTP-6)
 */
record ChangeObserver(SyncMetrics metrics, ProxyHealth health, boolean needsNode, InstantSource clock)
        implements ChangeQueue.Observer {
    private static final Logger LOG = AgentLog.LOG;

    @Override
    public void changed(ClusterChange change) {
        switch (change) {
            case ClusterChange.Service _ -> {
                metrics.serviceChange();
                queued();
            }
            case ClusterChange.Slice _ -> {
                metrics.endpointChange();
                queued();
            }
            case ClusterChange.Node(var _, var node) ->
                health.nodeEligible(node == null ? !needsNode : !node.beingDeleted());
            case ClusterChange.ServiceCidr _ -> {
                // No metric counts ServiceCIDRs.
            }
        }
    }

    @Override
    public void problem(Problem problem) {
        switch (problem.severity()) {
            case ERROR -> LOG.error("{}", problem.text());
            case WARNING -> LOG.warn("{}", problem.text());
            case NOTE -> LOG.info("{}", problem.text());
        }
    }

    @Override
    public void synced(boolean nodeKnown) {
        if (!nodeKnown && needsNode) {
            health.nodeEligible(false);
        }
    }

    private void queued() {
        Instant now = clock.instant();
        for (IpFamily family : IpFamily.values()) {
            health.queued(family);
            metrics.queued(family, now);
        }
    }
}
