package io.fairlead.agent.serve;

import static io.fairlead.agent.serve.MetricTable.FAMILY;
import static io.fairlead.agent.serve.MetricTable.label;

import io.fairlead.core.net.IpFamily;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/**
 * The metrics of a dry run: the results of comparing the rules in the kernel with the rules that Fairlead would write.
 * Thread-safe.
 */
public final class DryRunMetrics {
    private final Gauge frontends;
    private final Gauge services;
    private final Gauge lines;
    private final Counter failures;

    DryRunMetrics(MetricTable ours) {
        frontends = ours.gauge(
                "dry_run_frontends",
                "Addresses and node ports of Services, by the result of the comparison with the kernel.",
                FAMILY,
                "state");
        services =
                ours.gauge("dry_run_services", "Services, by the result of the comparison with the kernel.", "state");
        lines = ours.gauge("dry_run_lines", "Lines of rules that Fairlead would add or remove.", "direction");
        failures = ours.counter("dry_run_failures_total", "Failed comparisons with the kernel.");
    }

    /**
     * Sets the number of frontends (addresses and ports at which Services are reached) of an IP family in this state:
     * same, missing or different.
     */
    public void frontends(IpFamily family, String state, long count) {
        frontends.labelValues(label(family), state).set((double) count);
    }

    /** Sets the number of Services, and the number of Services that the kernel does not serve as expected. */
    public void services(int all, int different) {
        services.labelValues("same").set(all - different);
        services.labelValues("different").set(different);
    }

    /** Sets the number of lines of rules that would be added and removed. */
    public void lines(long added, long removed) {
        lines.labelValues("add").set((double) added);
        lines.labelValues("remove").set((double) removed);
    }

    /** Counts a comparison that failed because the kernel could not be read. */
    public void failed() {
        failures.inc();
    }
}
