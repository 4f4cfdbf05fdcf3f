package io.fairlead.agent.loop;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.verify.Probe;
import io.fairlead.core.verify.Verification.Finding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Reports the result of a dry run. When the result changes, it is logged in one line. A page shows the Services that
 * are not served as expected. The page shows the number of different rules but not the rules, because any client may
 * read the page.
 */
public final class DryRunReport implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;
    private static final int MOST_FRONTENDS = 1_000;

    private volatile @Nullable KernelComparison last;
    private volatile String failure = "";
    private String logged = "";

    @Override
    public void after(RoundResult result) {
        KernelComparison comparison = result.comparison();
        failure = result.error();
        String line;
        if (comparison == null) {
            line = result.error();
        } else {
            last = comparison;
            line = comparison.text();
        }
        if (!line.equals(logged)) {
            logged = line;
            log(line, comparison);
        }
    }

    private static void log(String line, @Nullable KernelComparison comparison) {
        if (comparison == null) {
            LOG.error("dry run: {}", line);
        } else {
            LOG.atInfo()
                    .addKeyValue(
                            "lines",
                            comparison.lines().added() + comparison.lines().removed())
                    .addKeyValue("different", comparison.differentServices())
                    .log("dry run: {}", line);
        }
    }

    /** Returns the text of the page {@code /diff}, with at most 1,000 addresses and ports of Services. Thread-safe. */
    public String page() {
        KernelComparison comparison = last;
        String wrong = failure.isEmpty() ? "" : failure + "\n";
        return comparison == null ? wrong + "not compared yet\n" : wrong + page(comparison);
    }

    private static String page(KernelComparison comparison) {
        StringBuilder out = new StringBuilder();
        out.append("compared at ").append(comparison.at()).append('\n');
        out.append(comparison.text()).append('\n');
        comparison.different().stream().limit(MOST_FRONTENDS).forEach(difference -> out.append(frontend(difference)));
        int more = comparison.different().size() - MOST_FRONTENDS;
        if (more > 0) {
            out.append("and ").append(more).append(" more addresses or node ports\n");
        }
        return out.toString();
    }

    private static String frontend(KernelComparison.Difference difference) {
        Finding finding = difference.finding();
        Probe probe = finding.probe();
        String actual = finding.actual() == null
                ? "not known: " + finding.doubt()
                : finding.actual().text();
        return String.format(
                Locale.ROOT,
                "Service %s%n  %-9s %s, packet %s from %s%n            expected: %s%n            actual:   %s%n",
                probe.port(),
                difference.state().text(),
                probe.frontend().text(),
                probe.flow(),
                probe.source().text(),
                finding.expected().text(),
                actual);
    }
}
