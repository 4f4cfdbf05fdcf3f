package io.fairlead.ui;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.ChangeReport;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A round that changed rules or failed.
 *
 * @param at the time in UTC
 * @param parts the changed lines, by Service port
 */
record ChangeView(String at, boolean failed, String text, boolean cut, List<Part> parts) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    /**
     * The changed lines of one origin.
     *
     * @param link the page of the Service; "" if the lines belong to no Service
     */
    record Part(String origin, String link, long added, long removed, RuleBlock block) {}

    /** Returns whether the parts are few enough to be shown at once; the user opens the parts of other changes. */
    boolean isShort() {
        return parts.size() <= 3;
    }

    static List<ChangeView> of(List<ChangeLog.Entry> entries) {
        return entries.stream()
                .map(entry -> new ChangeView(
                        TIME.format(entry.at()),
                        entry.failed(),
                        entry.text(),
                        entry.isCut(),
                        parts(new ChangeReport(entry.edits()))))
                .toList();
    }

    private static List<Part> parts(ChangeReport report) {
        return report.byOrigin().entrySet().stream()
                .map(entry -> {
                    ChangeReport one = new ChangeReport(entry.getValue());
                    return new Part(
                            name(entry.getKey()),
                            entry.getKey() instanceof Origin.Port(var port) ? ServiceDetails.link(port.service()) : "",
                            one.added(),
                            one.removed(),
                            RuleBlock.of(one.edits()));
                })
                .toList();
    }

    private static String name(Origin origin) {
        return switch (origin) {
            case Origin.Node _ -> "the node itself";
            case Origin.Port(var port) -> "Service " + port;
            case Origin.Unknown(String label) -> "stale: " + label;
        };
    }
}
