package io.fairlead.agent;

import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;

/** Whether rules follow the cluster, for {@code /healthz}, and since when, for the metrics. */
record HealthListener(ProxyHealth health, ProxyMetrics metrics, ChangeQueue queue, InstantSource clock)
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

    /** A dry run keeps no rules, so it is healthy as long as it compares. */
    record OfDryRun(ProxyHealth health) implements RoundListener {
        @Override
        public void after(RoundResult result) {
            for (IpFamily family : IpFamily.values()) {
                health.updated(family);
            }
        }
    }
}
