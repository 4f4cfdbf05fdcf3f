package io.fairlead.agent.live;

import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ServiceName;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** A round as a line of the log: what changed and how long each stage took, and never the rules themselves. */
public final class SyncLog {
    private static final int MOST_SERVICES = 20;

    private SyncLog() {}

    /** What is wrong with an object. */
    public static LogLine line(Problem problem) {
        return switch (problem.severity()) {
            case ERROR -> LogLine.error(problem.text());
            case WARNING -> LogLine.warning(problem.text());
            case NOTE -> LogLine.info(problem.text());
        };
    }

    /** Whether there is anything to say about it. */
    public static boolean isWorthALine(SyncReport report) {
        boolean planned = report.delta() != null && !report.delta().isEmpty();
        return planned || report.outcome() != SyncReport.Outcome.UNCHANGED;
    }

    /** The line. */
    public static LogLine line(SyncReport report) {
        LogLine line = report.outcome() == SyncReport.Outcome.FAILED
                ? LogLine.error(report.text())
                : LogLine.info(report.text());
        SortedMap<String, Object> stages = new TreeMap<>();
        report.stages()
                .forEach(stage ->
                        stages.put(stage.name().replace(' ', '_'), stage.took().toNanos() / 1e9));
        List<String> services = report.delta() == null
                ? List.of()
                : report.delta().services().keySet().stream()
                        .limit(MOST_SERVICES)
                        .map(ServiceName::text)
                        .toList();
        return line.with("outcome", report.outcome().name().toLowerCase(Locale.ROOT))
                .with("added", report.added())
                .with("removed", report.removed())
                .with(
                        "changed",
                        report.delta() == null ? 0 : report.delta().services().size())
                .with("services", services)
                .with("quarantined", report.quarantined().size())
                .with("seconds", stages);
    }
}
