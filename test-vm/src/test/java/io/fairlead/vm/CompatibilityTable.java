package io.fairlead.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What virtual machines found out, as docs/compatibility.md shows it. */
final class CompatibilityTable {
    private static final String BEFORE = """
            # Kernels and tools

            Written by `make test-vm`, which boots these kernels in virtual machines, with the tools of the same Debian release and
            the program from the container image, and runs the scenarios of the other tests there, with real packets between network
            namespaces. *Refused* means that Fairlead itself says what is missing, and does nothing. What has not been tried is *not
            run*.

            """;

    private static final String VERSIONS = "nftables: versions";

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
        // Machines that got furthest first: their order is the one of the work.
        Set<String> features = machines.values().stream()
                .sorted(Comparator.comparing(Map::size, Comparator.reverseOrder()))
                .flatMap(findings -> findings.keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
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
                if (finding != null && finding.verdict() != Finding.Verdict.WORKS) {
                    remarks.add("* " + machine + ", " + feature + ": " + finding.text());
                }
            });
            lines.add(line.toString());
        }
        String table = String.join("\n", lines) + "\n";
        return BEFORE + table + (remarks.isEmpty() ? "" : "\n" + String.join("\n", remarks) + "\n");
    }

    /** What was not tried because the tools were refused is refused. */
    private static String verdict(@Nullable Finding finding, @Nullable Finding versions, String feature) {
        if (finding != null) {
            return finding.verdict().text();
        }
        boolean refused = versions != null && versions.verdict() == Finding.Verdict.REFUSED;
        return (refused && feature.startsWith(VERSIONS.substring(0, VERSIONS.indexOf(':')))
                        ? Finding.Verdict.REFUSED
                        : Finding.Verdict.NOT_RUN)
                .text();
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text());
    }
}
