package io.fairlead.vm;

import io.fairlead.cli.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What virtual machines found out, as docs/compatibility.md shows it. */
final class CompatibilityTable {
    private static final String BEFORE = """
            # Kernels and tools

            Written by `make test-vm`, which boots these kernels in virtual machines, with the tools of the same Debian release and
            the program from the container image, and runs the scenarios of the other tests there, with real packets between network
            namespaces. *Refused* means that Fairlead itself says what is missing, and does nothing. What has not been tried is *not
            run*. The machines have no KVM: a JVM is 13 to 24 times slower there, and times tell nothing about Fairlead. The same
            SCENARIOS scenarios are run in network namespaces by `ScenarioKernelTest` and around a container by `ContainerTest`, in both
            modes.

            """;
    /** Longer texts stand below the table. */
    private static final int CELL = 40;

    private static final String VERSIONS = "nftables: versions";
    /** What is told of a machine itself is no verdict. */
    private static final String MACHINE = "machine: ";

    private final Map<String, Map<String, Finding>> machines = new LinkedHashMap<>();

    /** Puts a machine down that has not found out anything yet. */
    void machine(String name) {
        machines.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    }

    /** Notes what it found out; of two findings about one feature the later one counts. */
    void note(String machine, Finding finding) {
        machine(machine);
        machines.get(machine).put(finding.feature(), finding);
    }

    /** The whole file. */
    String text() {
        // Machines that got furthest first: their order is the one of the work. Kinds of rules are tried at the same
        // time, so each has its rows together.
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
                    remarks.add("* " + machine + ", " + feature + ": " + finding.text());
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

    /** "nftables" of "nftables: cleanup". */
    private static String subject(String feature) {
        return feature.substring(0, Math.max(0, feature.indexOf(':')));
    }

    /** What was not tried because the tools were refused is refused. */
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
