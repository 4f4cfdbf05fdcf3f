package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other kernels and other versions of the tools, each in a virtual machine; what they find out goes to docs. */
@NeedsQemu
@Tag("slow")
final class GuestTest {
    /** One takes less than five minutes on a machine that has nothing else to do. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private static final Path DOCUMENT = Path.of("../../docs/compatibility.md");

    /** Releases of Debian: the oldest that is refused in part, and those whose tools and kernels clusters run on. */
    private static final List<String> SUITES = List.of("bullseye", "bookworm", "trixie", "sid");

    /** The one whose faults are tried. */
    private static final String FAULTY = "bookworm";

    private static final List<Finding> FAULTS = new ArrayList<>();

    @TempDir
    Path folder;

    /** All of them, or those that {@code -Dguests=sid,trixie} names. */
    static List<String> suites() {
        return List.of(System.getProperty("guests", String.join(",", SUITES)).split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void nothingIsBroken(String suite) throws IOException, InterruptedException {
        Guest guest = Guest.of(suite);
        long begun = System.nanoTime();
        List<String> lines = guest.boot(
                folder, script("nftables iptables-nft iptables-legacy shrink", "nftables iptables"), LONGEST);
        lines.forEach(System.out::println);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        List<Finding> findings = new ArrayList<>(findings(lines));
        findings.add(new Finding("machine: whole run", Finding.Verdict.WORKS, took.toSeconds() + " s"));
        guest.keep(findings);

        assertThat(lines).anyMatch(line -> line.contains("guest: exit 0"));
        assertThat(findings).hasSizeGreaterThan(5);
        assertThat(findings).noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
    }

    private static List<Finding> findings(List<String> lines) {
        return lines.stream().map(Finding::parse).flatMap(Optional::stream).toList();
    }

    /** Modules that are not there, and a table that is full. */
    @Test
    void aPoorKernelIsSaidToBeOneAndDoesWhatItCan() throws IOException, InterruptedException {
        faults("recent-nft recent-legacy full", 3);
    }

    @Test
    void aKernelWithoutIpv6ServesIpv4() throws IOException, InterruptedException {
        faults("no-ipv6", 2, "ipv6.disable=1");
    }

    private void faults(String faults, int expected, String... kernelParameters)
            throws IOException, InterruptedException {
        String script = "faults='" + faults + "'\n"
                + Files.readString(Path.of("src/test/resources/io/fairlead/vm/faults-in-guest.sh"));
        List<String> lines = Guest.of(FAULTY).boot(folder, script, LONGEST, kernelParameters);
        lines.forEach(System.out::println);
        List<Finding> findings = findings(lines).stream()
                .filter(finding -> !finding.feature().startsWith("machine: "))
                .toList();
        FAULTS.addAll(findings);

        assertThat(findings)
                .as(String.join("\n", lines))
                .hasSize(expected)
                .allSatisfy(finding ->
                        assertThat(finding.verdict()).as(finding.line()).isEqualTo(Finding.Verdict.WORKS));
    }

    /** From what was found last on each, so that one machine may be tried again by itself. */
    @AfterAll
    static void writeTheTable() throws IOException {
        CompatibilityTable table = new CompatibilityTable();
        for (String suite : SUITES) {
            Optional<Guest> guest = Guest.made(suite);
            if (guest.isPresent() && suite.equals(FAULTY) && !FAULTS.isEmpty()) {
                guest.get().keepAlso(FAULTS);
            }
            if (guest.isEmpty()) {
                table.machine("Debian " + suite);
            } else {
                String machine = guest.get().machine();
                table.machine(machine);
                guest.get().kept().forEach(finding -> table.note(machine, finding));
            }
        }
        table.write(DOCUMENT);
    }

    /**
     * The tests' own program, which works in network namespaces, and at the same time the agent as it is in the image,
     * which works in the machine's own and is told to stop when its rules are in.
     */
    static String script(String parts, String modes) throws IOException {
        return "java_test InGuest /test/scenarios " + parts + " &\ntests=$!\nmodes='" + modes + "'\n"
                + Files.readString(Path.of("src/test/resources/io/fairlead/vm/agent-in-guest.sh")) + "wait $tests\n";
    }
}
