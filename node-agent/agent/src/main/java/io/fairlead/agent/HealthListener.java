package io.fairlead.agent;

import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.SyncMetrics;
import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;

/** Reports to {@code /healthz} whether the rules follow the cluster, and to the metrics since when. */
record HealthListener(ProxyHealth health, SyncMetrics metrics, ChangeQueue queue, InstantSource clock)
        implements RoundListener {

    @Override
    public void after(RoundResult result) {
        Instant now = clock.instant();
        for (IpFamily family : IpFamily.values()) {
            if (result.outcome() == RoundResult.Outcome.FAILED) {
                health.queued(family);
            } else {
                health.updated(family);
                metrics.inOrder(family, now);
            }
        }
        if (queue.isWaiting()) { // a change that came during the round
            for (IpFamily family : IpFamily.values()) {
                health.queued(family);
            }
        }
    }

    /** The listener of a dry run. A dry run writes no rules, so it is healthy as long as it can compare. */
    record OfDryRun(ProxyHealth health) implements RoundListener {
        @Override
        public void after(RoundResult result) {
            for (IpFamily family : IpFamily.values()) {
                health.updated(family);
            }
        }
    }
}
