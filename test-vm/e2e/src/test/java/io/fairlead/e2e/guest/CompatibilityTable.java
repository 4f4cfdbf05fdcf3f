package io.fairlead.e2e.guest;

import io.fairlead.cli.scenario.Scenario;
import io.fairlead.e2e.fixtures.ScenarioCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the findings of the virtual machines in the form of docs/compatibility.md. */
final class CompatibilityTable {
    private static final String BEFORE = """
            # Kernels and tools

            `make test-vm` writes this page. It boots these kernels in virtual machines with the tools of the same
            Debian release and the program of the container image. In each machine it runs the scenarios of the other
            tests, with real packets between network namespaces.

            *Refused* means that Fairlead reports what is missing and changes nothing. *Not run* means that it was not
            tried. The machines have no KVM, so a JVM is 13 to 24 times slower there, and the times are no measure of
            Fairlead.

            `ScenarioKernelTest` runs the same SCENARIOS scenarios in network namespaces, and `ContainerTest` runs them
            around a container, both in both modes.

            """;
    /** The greatest length of a cell's text in characters. Longer texts are written below the table. */
    private static final int CELL = 40;

    private static final int LINE = 120;
    private static final String VERSIONS = "nftables: versions";
    /** The prefix of findings about the machine itself, which have no verdict. */
    private static final String MACHINE = "machine: ";

    private final Map<String, Map<String, Finding>> machines = new LinkedHashMap<>();

    /** Adds a machine without findings. */
    void machine(String name) {
        machines.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    }

    /** Adds a finding. The finding replaces an earlier finding about the same feature. */
    void note(String machine, Finding finding) {
        machine(machine);
        machines.get(machine).put(finding.feature(), finding);
    }

    /** Returns the text of the whole file. */
    String text() {
        // The order of features is that of the machine with most findings, because this machine ran all checks in
        // order. The checks of different kinds of rules ran at the same time, so rows are grouped by kind.
        List<String> features = machines.values().stream()
                .sorted(Comparator.comparing(Map::size, Comparator.reverseOrder()))
                .flatMap(findings -> findings.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing((String feature) -> !feature.startsWith(MACHINE))
                        .thenComparing(CompatibilityTable::subject))
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add("| | " + String.join(" | ", machines.keySet()) + " |");
        lines.add("|---|" + "---|".repeat(machines.size()));
        List<String> remarks = new ArrayList<>();
        for (String feature : features) {
            StringBuilder line = new StringBuilder("| " + feature + " |");
            machines.forEach((machine, findings) -> {
                Finding finding = findings.get(feature);
                line.append(' ')
                        .append(verdict(finding, findings.get(VERSIONS), feature))
                        .append(" |");
                if (finding != null && !fitsCell(finding)) {
                    remarks.add(wrapped("* " + machine + ", " + feature + ": " + finding.text()));
                }
            });
            lines.add(line.toString());
        }
        String table = String.join("\n", lines) + "\n";
        return BEFORE.replace(
                        "SCENARIOS",
                        Integer.toString(Scenario.all(ScenarioCheck.SCENARIOS).size()))
                + table
                + (remarks.isEmpty() ? "" : "\n" + String.join("\n", remarks) + "\n");
    }

    /** Returns a list item in lines of at most {@link #LINE} characters. */
    private static String wrapped(String item) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : item.split(" ", -1)) {
            boolean fits = length + 1 + word.length() <= LINE;
            lines.append(length == 0 ? "" : fits ? " " : "\n  ").append(word);
            length = word.length() + (length == 0 ? 0 : fits ? length + 1 : 2);
        }
        return lines.toString();
    }

    /** Returns the part of a feature's name before the colon, for example "nftables" for "nftables: cleanup". */
    private static String subject(String feature) {
        return feature.substring(0, Math.max(0, feature.indexOf(':')));
    }

    /**
     * Returns the text of a cell. A feature that was not tried counts as refused if Fairlead refused the version of the
     * tools.
     */
    private static String verdict(@Nullable Finding finding, @Nullable Finding versions, String feature) {
        if (finding != null) {
            return cell(finding);
        }
        boolean refused = versions != null && versions.verdict() == Finding.Verdict.REFUSED;
        return (refused && feature.startsWith(VERSIONS.substring(0, VERSIONS.indexOf(':')))
                        ? Finding.Verdict.REFUSED
                        : Finding.Verdict.NOT_RUN)
                .text();
    }

    private static boolean fitsCell(Finding finding) {
        return finding.verdict() == Finding.Verdict.WORKS && finding.text().length() <= CELL;
    }

    private static String cell(Finding finding) {
        if (!fitsCell(finding) || finding.text().isEmpty()) {
            return finding.verdict().text();
        }
        return finding.feature().startsWith(MACHINE)
                ? finding.text()
                : finding.verdict().text() + ": " + finding.text().replaceAll("^\\((\\d+ s)\\)$", "$1");
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text());
    }
}
