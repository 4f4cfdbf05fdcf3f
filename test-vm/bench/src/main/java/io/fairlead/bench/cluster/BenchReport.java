package io.fairlead.bench.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The result of a benchmark, as a table for users and as a tree of values for programs.
 *
 * @param kernel the release of the kernel on which the benchmark ran
 */
public record BenchReport(List<Row> rows, String kernel) {

    /**
     * The result for one contender.
     *
     * @param figures the figures; null if the contender was not measured
     * @param reason why there are no figures; "" if there are figures
     */
    public record Row(
            int services,
            Tools tools,
            String contender,
            @Nullable Figures figures,
            String reason) {

        /** Returns a line that reports this result while the benchmark runs. */
        String line() {
            String head = String.format(Locale.ROOT, "%,d Services, %s, %s: ", services, tools.text(), contender);
            if (figures == null) {
                return head + "not measured: " + reason;
            }
            List<String> parts = new ArrayList<>();
            for (Column column : Column.values()) {
                parts.add(column.title + " " + column.text(figures));
            }
            return head + String.join(", ", parts);
        }
    }

    /** The columns of the table. */
    @SuppressWarnings("ImmutableEnumChecker") // pure functions
    private enum Column {
        FIRST("first Service", figures -> figures.firstNanos() / 1e6, Column::time),
        ALL("all Services", figures -> figures.allNanos() / 1e6, Column::time),
        P50("change p50", figures -> figures.changeMedian() / 1e6, Column::time),
        P99("p99", figures -> figures.changeP99() / 1e6, Column::time),
        WRITE("of it the API write", figures -> figures.writeNanos() / 1e6, Column::time),
        BURST("500 slices", figures -> figures.burstNanos() / 1e6, Column::time),
        SETTLED("memory settled", figures -> figures.settled().mib(), Column::mib),
        PEAK("peak", figures -> figures.peak().mib(), Column::mib),
        QUIET("quiet CPU", figures -> figures.quietCpu() * 100, value -> String.format(Locale.ROOT, "%.2f %%", value)),
        STREAMED("changes/s", Figures::streamed, value -> String.format(Locale.ROOT, "%,.0f", value)),
        LAG("behind after them", figures -> figures.lagNanos() / 1e6, Column::time),
        CONNECT("connect", figures -> figures.connectNanos() / 1e6, Column::time),
        DIRECT("without rules", figures -> figures.directNanos() / 1e6, Column::time),
        RESTART("restart", figures -> figures.restartNanos() / 1e6, Column::time),
        WRITES("its transactions", Figures::restartWrites, value -> String.format("%.0f", value));

        private interface Text {
            String of(double value);
        }

        private final String title;
        private final ToDoubleFunction<Figures> value;
        private final Text text;

        Column(String title, ToDoubleFunction<Figures> value, Text text) {
            this.title = title;
            this.value = value;
            this.text = text;
        }

        private static String time(double ms) {
            if (ms >= 1000) {
                return String.format(Locale.ROOT, "%.1f s", ms / 1000);
            }
            return String.format(Locale.ROOT, ms < 10 ? "%.2f ms" : "%.0f ms", ms);
        }

        private static String mib(double mib) {
            return String.format(Locale.ROOT, "%.0f MiB", mib);
        }

        private String text(Figures figures) {
            double figure = value.applyAsDouble(figures);
            return figure < 0 ? "-" : text.of(figure);
        }

        /**
         * Returns the other contender's figure divided by this contender's figure; "-" if a figure is zero or missing.
         */
        private String ratio(Figures figures, Figures other) {
            double ours = value.applyAsDouble(figures);
            double theirs = value.applyAsDouble(other);
            return ours > 0 && theirs > 0 ? String.format(Locale.ROOT, "%.1f", theirs / ours) : "-";
        }
    }

    /**
     * Returns a table in Markdown. After the row of an older build or of kube-proxy, another row has its figures
     * divided by those of this build, if an earlier row has figures of this build for the same size and tools.
     */
    public String table() {
        StringBuilder text = new StringBuilder("| Services x 2 | rules | |");
        for (Column column : Column.values()) {
            text.append(' ').append(column.title).append(" |");
        }
        text.append("\n|").append("---|".repeat(3 + Column.values().length)).append('\n');
        Row ours = null;
        for (Row row : rows) {
            text.append(line(row));
            if (row.contender().equals(Contender.Fairlead.THIS)) {
                ours = row;
            } else if (ours != null && ours.services() == row.services() && ours.tools() == row.tools()) {
                text.append(ratios(ours, row));
            }
        }
        return text.toString();
    }

    private static String line(Row row) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "| %,d | %s | %s |", row.services(), row.tools().text(), row.contender()));
        Figures figures = row.figures();
        if (figures == null) {
            String reason = row.reason().lines().findFirst().orElse("").replace('|', '/');
            return text.append(" not measured: ")
                    .append(reason)
                    .append(" |")
                    .append(" |".repeat(Column.values().length - 1))
                    .append('\n')
                    .toString();
        }
        for (Column column : Column.values()) {
            text.append(' ').append(column.text(figures)).append(" |");
        }
        return text.append('\n').toString();
    }

    private static String ratios(Row fairlead, Row other) {
        Figures ours = fairlead.figures();
        Figures theirs = other.figures();
        if (ours == null || theirs == null) {
            return "";
        }
        StringBuilder text = new StringBuilder("| | | " + other.contender() + " / " + Contender.Fairlead.THIS + " |");
        for (Column column : Column.values()) {
            text.append(' ').append(column.ratio(ours, theirs)).append(" |");
        }
        return text.append('\n').toString();
    }

    /**
     * Returns the figures as maps, lists and numbers. Times are in milliseconds, memory is in MiB, and the CPU use is
     * in percent of one core. A figure that was not measured is below 0.
     */
    public Map<String, Object> tree() {
        List<Object> list = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("services", row.services());
            one.put("endpoints", Form.ENDPOINTS);
            one.put("rules", row.tools().text());
            one.put("proxy", row.contender());
            Figures figures = row.figures();
            if (figures == null) {
                one.put("notMeasured", row.reason());
            } else {
                for (Column column : Column.values()) {
                    one.put(column.name().toLowerCase(Locale.ROOT), column.value.applyAsDouble(figures));
                }
                one.put(
                        "changes",
                        figures.changes().stream().map(nanos -> nanos / 1e6).toList());
            }
            list.add(one);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kernel", kernel);
        tree.put("processors", Runtime.getRuntime().availableProcessors());
        tree.put("java", Runtime.version().toString());
        tree.put("rows", list);
        return tree;
    }
}
