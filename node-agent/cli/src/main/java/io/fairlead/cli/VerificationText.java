package io.fairlead.cli;

import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.verify.Probe;
import io.fairlead.core.verify.Verification;
import io.fairlead.core.verify.Verification.Finding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a verification found, by Service port. */
final class VerificationText {
    /** Of one Service port; the rest is counted. */
    private static final int MOST_SHOWN = 10;

    private final PrintWriter out;
    private final Palette palette;

    VerificationText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /**
     * For people.
     *
     * @param services how many Services were looked at
     * @param otherLines how many lines of the kernel's rules are not as Fairlead writes them
     */
    void print(Verification verification, int services, long otherLines) {
        byPort(verification).forEach(this::port);
        int wrong = verification.findings().size();
        long affected = verification.affected().stream()
                .map(ServicePortName::service)
                .distinct()
                .count();
        out.println(
                "Verified " + counted(verification.packets(), "packet") + " to " + counted(services, "Service") + ": "
                        + (wrong == 0
                                ? palette.added("all as they ought to be")
                                : palette.removed(wrong + " wrong, " + counted(affected, "Service") + " affected"))
                        + ".");
        if (otherLines > 0) {
            out.println(counted(otherLines, "line") + " of the rules " + (otherLines == 1 ? "is" : "are")
                    + " not as Fairlead writes them (fairlead diff shows them).");
        }
    }

    private void port(ServicePortName port, List<Finding> findings) {
        out.println(palette.title("Service " + port));
        findings.stream().limit(MOST_SHOWN).forEach(this::finding);
        if (findings.size() > MOST_SHOWN) {
            out.println("  and " + (findings.size() - MOST_SHOWN) + " more");
        }
        out.println();
    }

    private void finding(Finding finding) {
        Probe probe = finding.probe();
        out.println("  " + probe.flow() + "  "
                + palette.faint(
                        probe.frontend().text() + ", from " + probe.source().text()));
        out.println("    " + palette.added("ought to be  " + finding.expected().text()));
        out.println("    " + palette.removed("is           " + actual(finding)));
    }

    private static String actual(Finding finding) {
        return finding.actual() == null
                ? "not known: " + finding.doubt()
                : finding.actual().text() + (finding.doubt().isEmpty() ? "" : ", " + finding.doubt());
    }

    /** For programs. */
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
            findings.add(tree);
        }
        Map<String, @Nullable Object> tree = Json.object("packets", verification.packets(), "services", services);
        tree.put("wrong", verification.findings().size());
        tree.put("otherLines", otherLines);
        tree.put("findings", findings);
        return tree;
    }

    private static Map<ServicePortName, List<Finding>> byPort(Verification verification) {
        Map<ServicePortName, List<Finding>> byPort = new TreeMap<>();
        verification
                .findings()
                .forEach(finding -> byPort.computeIfAbsent(finding.probe().port(), _ -> new ArrayList<>())
                        .add(finding));
        return byPort;
    }

    private static String counted(long count, String what) {
        return String.format(java.util.Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }
}
