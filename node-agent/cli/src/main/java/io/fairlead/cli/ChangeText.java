package io.fairlead.cli;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Prints a change of the rules for users, grouped by Service: first the meaning of the change for the Service, then the
 * changed lines.
 */
public final class ChangeText {
    private final PrintWriter out;
    private final Palette palette;

    public ChangeText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /**
     * Prints all changed lines.
     *
     * @param meanings sentences about the meaning of the change, for the Services for which it is known
     */
    public void print(ChangeReport report, SortedMap<ServiceName, List<String>> meanings) {
        SortedMap<Origin, List<Edit>> byOrigin = report.byOrigin();
        Set<ServiceName> explained = new TreeSet<>();
        byOrigin.forEach((origin, edits) -> {
            out.println(title(origin) + "  " + counts(edits));
            if (origin instanceof Origin.Port(var port) && explained.add(port.service())) {
                meanings.getOrDefault(port.service(), List.of()).forEach(line -> out.println("  " + line));
            }
            lines(edits);
            out.println();
        });
        meanings.forEach((service, lines) -> {
            if (!explained.contains(service)) {
                out.println(palette.title("Service " + service) + "  " + palette.faint("no rules differ"));
                lines.forEach(line -> out.println("  " + line));
                out.println();
            }
        });
    }

    /**
     * Prints one line for each Service, with the numbers of changed lines.
     *
     * @param most the largest number of printed Services
     */
    void summary(ChangeReport report, int most) {
        SortedMap<Origin, List<Edit>> byOrigin = report.byOrigin();
        byOrigin.entrySet().stream()
                .limit(most)
                .forEach(entry -> out.println("  " + title(entry.getKey()) + "  " + counts(entry.getValue())));
        if (byOrigin.size() > most) {
            out.println("  and " + (byOrigin.size() - most) + " more");
        }
    }

    /** Returns the totals as text: "12 to add, 3 to remove, 2 Services affected". */
    public static String totals(ChangeReport report) {
        long services = services(report);
        return report.added() + " to add, " + report.removed() + " to remove, " + services
                + (services == 1 ? " Service affected" : " Services affected");
    }

    static long services(ChangeReport report) {
        return report.byOrigin().keySet().stream()
                .filter(Origin.Port.class::isInstance)
                .map(origin -> ((Origin.Port) origin).name().service())
                .distinct()
                .count();
    }

    private void lines(List<Edit> edits) {
        @Nullable String place = null;
        for (Edit edit : edits) {
            if (!edit.place().equals(place)) {
                place = edit.place();
                out.println("  " + palette.faint(place));
            }
            String line = edit.sign().symbol() + " " + edit.text();
            out.println("    " + (edit.sign() == Edit.Sign.ADD ? palette.added(line) : palette.removed(line)));
        }
    }

    private String title(Origin origin) {
        return palette.title(
                switch (origin) {
                    case Origin.Node _ -> "The node itself";
                    case Origin.Port(var port) -> "Service " + port;
                    case Origin.Unknown(String label) -> "Stale: " + label;
                });
    }

    private String counts(List<Edit> edits) {
        long added = edits.stream().filter(edit -> edit.sign() == Edit.Sign.ADD).count();
        return palette.added("+" + added) + " " + palette.removed("-" + (edits.size() - added));
    }

    /** Returns the change as a tree for JSON and YAML output. */
    static Map<String, @Nullable Object> tree(ChangeReport report, SortedMap<ServiceName, List<String>> meanings) {
        return Json.object(
                "add",
                report.added(),
                "remove",
                report.removed(),
                "services",
                services(report),
                "meanings",
                meanings.entrySet().stream()
                        .map(entry -> Json.object("service", entry.getKey().text(), "changes", entry.getValue()))
                        .toList(),
                "changes",
                report.byOrigin().entrySet().stream()
                        .map(entry -> Json.object(
                                "origin",
                                entry.getKey().text(),
                                "edits",
                                entry.getValue().stream().map(ChangeText::edit).toList()))
                        .toList());
    }

    private static Map<String, @Nullable Object> edit(Edit edit) {
        return Json.object("sign", String.valueOf(edit.sign().symbol()), "place", edit.place(), "text", edit.text());
    }
}
