package io.fairlead.agent.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A comparison in plain text: which Services differ, and how. Lines of rules are counted and not shown, since whoever reaches
 * the page may be anybody.
 */
public final class ComparisonPage {
    private static final int MOST_SERVICES = 1_000;

    private ComparisonPage() {}

    /** All of it, cut after the first thousand Services. */
    public static String text(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        out.append("compared at ").append(comparison.at()).append('\n');
        out.append(comparison.summary()).append('\n');
        SortedMap<String, List<Comparison.Difference>> byService = new TreeMap<>();
        comparison
                .differences()
                .forEach(difference -> byService
                        .computeIfAbsent(difference.service(), _ -> new ArrayList<>())
                        .add(difference));
        byService.entrySet().stream().limit(MOST_SERVICES).forEach(entry -> {
            out.append(entry.getKey().isEmpty() ? "of no Service" : "Service " + entry.getKey())
                    .append('\n');
            entry.getValue()
                    .forEach(difference -> out.append(String.format(
                            Locale.ROOT, "  %-9s %s%n", difference.kind().text(), difference.text())));
        });
        if (byService.size() > MOST_SERVICES) {
            out.append("and ").append(byService.size() - MOST_SERVICES).append(" more Services\n");
        }
        out.append("lines that Fairlead would write (+) or take away (-):\n");
        comparison
                .lines()
                .forEach((lines, count) -> out.append(String.format(
                        Locale.ROOT,
                        "  %s %-8s %s%d%n",
                        lines.family(),
                        lines.place(),
                        lines.added() ? "+" : "-",
                        count)));
        return out.toString();
    }
}
