package io.fairlead.agent;

import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.SyncMetrics;
import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;

/** Updates the state for {@code /healthz}, and the metric for the time of the last successful update of the rules. */
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
        if (queue.isWaiting()) { // An object changed during the round.
            for (IpFamily family : IpFamily.values()) {
                health.queued(family);
            }
        }
    }

    /** The listener for a dry run. A dry run writes no rules and is always healthy while it runs. */
    record OfDryRun(ProxyHealth health) implements RoundListener {
        @Override
        public void after(RoundResult result) {
            for (IpFamily family : IpFamily.values()) {
                health.updated(family);
            }
        }
    }
}
