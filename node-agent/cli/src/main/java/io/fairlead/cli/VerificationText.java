package io.fairlead.cli;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.verify.Probe;
import io.fairlead.core.verify.Verification;
import io.fairlead.core.verify.Verification.Finding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints the result of a verification, grouped by Service port or by common cause. */
final class VerificationText {
    /** The largest number of findings that are printed for one Service port. The other findings are only counted. */
    private static final int MOST_SHOWN = 10;

    /** The largest number of findings that are printed for a cause that several Service ports have in common. */
    private static final int MOST_OF_CAUSE = 3;

    private final PrintWriter out;
    private final Palette palette;
    private final boolean all;
    private final AddressNames names;

    /**
     * Creates the printer.
     *
     * @param all whether all findings are printed, without limits
     */
    VerificationText(PrintWriter out, Palette palette, boolean all, AddressNames names) {
        this.names = names;
        this.out = out;
        this.palette = palette;
        this.all = all;
    }

    /**
     * Prints the result as text for users.
     *
     * @param services the number of Services that were checked
     * @param otherLines the number of lines in the kernel that differ from the rules that Fairlead would write
     */
    void print(Verification verification, int services, long otherLines) {
        for (Causes.Group group : Causes.of(verification.findings())) {
            if (group.text().isEmpty() || group.ports().size() == 1) {
                port(group);
            } else {
                shared(group);
            }
        }
        unsure(verification.unsure());
        int wrong = verification.findings().size();
        long affected = verification.affected().stream()
                .map(ServicePortName::service)
                .distinct()
                .count();
        out.println(
                "Verified " + counted(verification.packets(), "packet") + " to " + counted(services, "Service") + ": "
                        + (wrong == 0
                                ? palette.added("all as expected")
                                : palette.removed(wrong + " wrong, " + counted(affected, "Service") + " affected"))
                        + ".");
        if (otherLines > 0) {
            out.println(counted(otherLines, "line") + " of the rules " + (otherLines == 1 ? "is" : "are")
                    + " different from what Fairlead would write (fairlead diff prints them).");
        }
    }

    private void port(Causes.Group group) {
        out.println(
                palette.title("Service " + group.findings().getFirst().probe().port()));
        if (!group.text().isEmpty()) {
            out.println("  " + group.text());
        }
        shown(group.findings(), MOST_SHOWN);
    }

    /** Prints a cause that several Service ports have in common, and its first findings. */
    private void shared(Causes.Group group) {
        out.println(palette.title(counted(group.services(), "Service") + ": " + group.text()));
        shown(group.findings(), MOST_OF_CAUSE);
    }

    private void shown(List<Finding> findings, int most) {
        boolean several = findings.stream()
                        .map(finding -> finding.probe().port())
                        .distinct()
                        .count()
                > 1;
        long limit = all ? Long.MAX_VALUE : most;
        findings.stream().limit(limit).forEach(finding -> finding(finding, several));
        if (findings.size() > limit) {
            out.println("  and " + counted(findings.size() - limit, "other packet") + " (--all shows them)");
        }
        out.println();
    }

    /** Prints the number of packets whose outcome depends on rules that Fairlead cannot interpret. */
    private void unsure(List<Finding> unsure) {
        Map<String, Long> byCondition = new LinkedHashMap<>();
        unsure.forEach(finding -> byCondition.merge(finding.doubt(), 1L, Long::sum));
        byCondition.entrySet().stream()
                .limit(all ? Long.MAX_VALUE : MOST_OF_CAUSE)
                .forEach(entry ->
                        out.println(counted(entry.getValue(), "packet") + " as expected only " + entry.getKey()));
        if (byCondition.size() > MOST_OF_CAUSE && !all) {
            out.println("and " + (byCondition.size() - MOST_OF_CAUSE) + " other conditions (--all shows them)");
        }
    }

    private void finding(Finding finding, boolean named) {
        Probe probe = finding.probe();
        out.println("  " + packet(probe.flow()) + "  "
                + palette.faint((named ? probe.port() + ", " : "")
                        + probe.frontend().text() + ", from " + probe.source().text()));
        out.println("    " + palette.added("expected  " + finding.expected().text(names::text)));
        out.println("    " + palette.removed("actual    " + actual(finding)));
    }

    /**
     * Returns the packet as text. The destination has no name, because the name of its Service is printed elsewhere.
     */
    private String packet(Flow flow) {
        return flow.protocol() + " " + names.text(flow.from()) + " -> " + new IpPort(flow.to(), flow.port());
    }

    private String actual(Finding finding) {
        return finding.actual() == null
                ? "not known: " + finding.doubt()
                : finding.actual().text(names::text) + (finding.doubt().isEmpty() ? "" : ", " + finding.doubt());
    }

    /** Returns the result as a tree for JSON and YAML output. */
    static Map<String, @Nullable Object> tree(Verification verification, int services, long otherLines) {
        List<Object> findings = new ArrayList<>();
        for (Finding finding : verification.findings()) {
            Probe probe = finding.probe();
            Map<String, @Nullable Object> tree = Json.object(
                    "servicePort",
                    probe.port().toString(),
                    "frontend",
                    probe.frontend().text());
            tree.put("source", probe.source().text());
            tree.put("protocol", probe.flow().protocol().toString());
            tree.put("from", probe.flow().from().text());
            tree.put("to", probe.flow().to().text());
            tree.put("port", probe.flow().port());
            tree.put("expected", OutcomeTree.of(finding.expected()));
            tree.put("actual", finding.actual() == null ? null : OutcomeTree.of(finding.actual()));
            if (!finding.doubt().isEmpty()) {
                tree.put("doubt", finding.doubt());
            }
            String cause = Causes.cause(finding);
            if (!cause.isEmpty()) {
                tree.put("cause", cause);
            }
            findings.add(tree);
        }
        Map<String, @Nullable Object> tree = Json.object("packets", verification.packets(), "services", services);
        tree.put("wrong", verification.findings().size());
        tree.put("otherLines", otherLines);
        tree.put("unsure", verification.unsure().size());
        tree.put("findings", findings);
        return tree;
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }
}
