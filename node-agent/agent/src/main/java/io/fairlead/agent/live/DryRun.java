package io.fairlead.agent.live;

import io.fairlead.agent.compare.Comparison;
import io.fairlead.agent.compare.ComparisonPage;
import io.fairlead.agent.compare.KernelComparison;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agent beside another proxy: plans as it would, looks at the kernel, says how far that is from the plan, and writes
 * nothing. One thread compares; any may ask for the page.
 */
final class DryRun<R extends Ruleset, C extends Change> {
    private final KernelComparison<R, C> kernel;
    private final WatchedCluster cluster;
    private final Supplier<NodeSettings> settings;
    private final ProxyMetrics metrics;
    private final Consumer<LogLine> log;
    private final InstantSource clock;
    private final Planner planner;
    private volatile @Nullable Comparison last;
    private volatile String failure = "";
    private String said = "";

    DryRun(
            KernelComparison<R, C> kernel,
            WatchedCluster cluster,
            Supplier<NodeSettings> settings,
            ProxyMetrics metrics,
            Consumer<LogLine> log,
            InstantSource clock) {
        this.kernel = kernel;
        this.cluster = cluster;
        this.settings = settings;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
        this.planner = new Planner(settings.get());
    }

    /** Looks once; a line is logged if it came out otherwise than the time before. */
    boolean look() {
        planner.settings(settings.get());
        cluster.feed(planner);
        planner.update();
        try {
            Comparison comparison = kernel.compare(planner.plan(), clock.instant());
            last = comparison;
            failure = "";
            export(comparison);
            say(LogLine.info("dry run: " + comparison.summary())
                    .with("lines", comparison.lineCount())
                    .with("different", comparison.servicesThatDiffer().size()));
            return true;
        } catch (ApplyFailedException | UnknownRuleException | ProgramMissingException e) {
            failure = "the kernel cannot be read: " + e.getMessage();
            metrics.comparisonFailed();
            say(LogLine.error("dry run: " + failure));
            return false;
        }
    }

    /** What {@code /diff} shows. */
    String page() {
        Comparison comparison = last;
        String wrong = failure.isEmpty() ? "" : failure + "\n";
        return comparison == null ? wrong + "not compared yet\n" : wrong + ComparisonPage.text(comparison);
    }

    private void say(LogLine line) {
        if (!line.message().equals(said)) {
            log.accept(line);
            said = line.message();
        }
    }

    private void export(Comparison comparison) {
        for (IpFamily family : IpFamily.values()) {
            metrics.compared(family, "same", comparison.same().getOrDefault(family, 0));
            for (Comparison.Kind kind : Comparison.Kind.values()) {
                metrics.compared(family, kind.name().toLowerCase(Locale.ROOT), comparison.count(family, kind));
            }
        }
        metrics.servicesCompared(
                comparison.services(), comparison.servicesThatDiffer().size());
        metrics.linesToChange(comparison.lines().entrySet().stream()
                .map(entry -> new ProxyMetrics.LineCount(
                        entry.getKey().family(),
                        entry.getKey().place(),
                        entry.getKey().added() ? "add" : "remove",
                        entry.getValue()))
                .toList());
    }
}
