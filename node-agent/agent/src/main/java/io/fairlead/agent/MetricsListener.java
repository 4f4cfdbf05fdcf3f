package io.fairlead.agent;

import io.fairlead.agent.loop.KernelComparison;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.DryRunMetrics;
import io.fairlead.agent.serve.SyncMetrics;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Notice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Updates kube-proxy's metrics and Fairlead's own metrics after each round. */
final class MetricsListener implements RoundListener {
    private final SyncMetrics metrics;
    private final InstantSource clock;
    private final WithoutLocalEndpoints withoutLocal = new WithoutLocalEndpoints();

    MetricsListener(SyncMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void after(RoundResult result) {
        metrics.quarantined(result.quarantined().size());
        result.rules().forEach(table -> metrics.rules(table.family(), table.table(), table.rules(), table.written()));
        for (Notice notice : result.notices()) {
            if (notice instanceof Notice.Undeleted(IpFamily family)) {
                metrics.cleanupFailed(family);
            }
        }
        if (result.delta() != null) {
            withoutLocal.apply(result.delta());
        }
        for (IpFamily family : IpFamily.values()) {
            switch (result.outcome()) {
                case FAILED -> metrics.failed(family, result.full());
                case APPLIED -> {
                    metrics.synced(family, result.full(), result.took());
                    succeeded(family, result);
                }
                case UNCHANGED -> succeeded(family, result);
            }
        }
    }

    private void succeeded(IpFamily family, RoundResult result) {
        Instant now = clock.instant();
        result.triggers().forEach(trigger -> metrics.programmed(family, Duration.between(trigger, now)));
        metrics.withoutLocalEndpoints(family, withoutLocal.internal(family), withoutLocal.external(family));
    }

    /** The listener for a dry run. */
    record OfDryRun(DryRunMetrics metrics) implements RoundListener {
        @Override
        public void after(RoundResult result) {
            KernelComparison comparison = result.comparison();
            if (comparison == null) {
                metrics.failed();
                return;
            }
            comparison
                    .frontends()
                    .forEach((family, counts) ->
                            counts.forEach((state, count) -> metrics.frontends(family, state.text(), count)));
            metrics.services(comparison.services(), comparison.differentServices());
            metrics.lines(comparison.lines().added(), comparison.lines().removed());
        }
    }
}
