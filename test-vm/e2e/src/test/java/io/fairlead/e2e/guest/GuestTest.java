package io.fairlead.e2e.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests other kernels and other versions of the tools, each in a virtual machine. The test writes the findings to
 * docs/compatibility.md.
 */
@NeedsQemu
@Tag("slow")
final class GuestTest {
    /** The time limit for one machine. On an idle host a machine takes less than five minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** The time limit for one machine with the tables of all versions of nft: the agent starts eight times. */
    private static final Duration LONGEST_OF_MATRIX = Duration.ofMinutes(60);

    private static final Path RESOURCES = Path.of("src/test/resources/io/fairlead/e2e/guest");

    private static final Path DOCUMENT = Path.of("../../docs/compatibility.md");

    /**
     * The tested Debian releases: the oldest, on which Fairlead refuses nftables mode, and the releases whose kernels
     * and tools are used in clusters.
     */
    private static final List<String> SUITES = List.of("bullseye", "bookworm", "trixie", "sid");

    /** The release on which faults are tested. */
    private static final String FAULTY = "bookworm";

    private static final List<Finding> FAULTS = new ArrayList<>();

    @TempDir
    Path folder;

    /**
     * Returns the releases to test: all, or the releases in the system property {@code guests}, for example {@code
     * -Dguests=sid,trixie}.
     */
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
        guest.keepAlso(findings);

        assertThat(lines).anyMatch(line -> line.contains("guest: exit 0"));
        assertThat(findings).hasSizeGreaterThan(5);
        assertThat(findings).noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
    }

    /**
     * Tests the agent in a machine without nft in PATH, beside tables of every kind that each version of nft in Debian
     * can create. Each version of nft lists only its own tables, because an older version may not be able to list the
     * tables of a newer version.
     */
    @ParameterizedTest
    @MethodSource("suites")
    void tablesOfEveryNftAreLeftAlone(String suite) throws IOException, InterruptedException {
        Guest guest = Guest.of(suite);
        Guest.packNfts(Files.createDirectories(folder.resolve("test")).resolve("nfts.tar"));
        Guest.copy(RESOURCES.resolve("kinds"), folder.resolve("test/kinds"));
        Files.writeString(folder.resolve("test/kinds/huge.nft"), hugeSet());
        List<String> lines =
                guest.boot(folder, """
                mkdir /tmp/nfts
                busybox tar -x -f /test/nfts.tar -C /tmp/nfts
                rm -f /usr/sbin/nft
                ip link add nd0 type veth peer name nd1
                nfts=/tmp/nfts kinds=/test/kinds fairlead=fairlead
                """ + Files.readString(RESOURCES.resolve("matrix-in-guest.sh")), LONGEST_OF_MATRIX);
        lines.forEach(System.out::println);
        List<Finding> findings = findings(lines).stream()
                .filter(finding -> !finding.feature().startsWith("machine: "))
                .toList();
        guest.keepAlso(findings);

        assertThat(findings).as(String.join("\n", lines)).hasSize(SUITES.size());
        assertThat(findings).noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
    }

    /** Returns a table with an interval set of 20,000 prefixes. */
    private static String hugeSet() {
        return IntStream.range(0, 20_000)
                .mapToObj(i -> "10.%d.%d.0/24".formatted(i / 128, i % 128 * 2))
                .collect(Collectors.joining(
                        ",\n",
                        "table inet other_huge {\n\tset huge { type ipv4_addr; flags interval; elements = { ",
                        """
                         }; }
                        \tchain c { type filter hook input priority 99; policy accept; ip saddr @huge counter; }
                        }
                        """));
    }

    private static List<Finding> findings(List<String> lines) {
        return lines.stream().map(Finding::parse).flatMap(Optional::stream).toList();
    }

    /** Tests faults of the kernel: missing modules, and a full connection table. */
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
        String script = "faults='" + faults + "'\n" + Files.readString(RESOURCES.resolve("faults-in-guest.sh"));
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

    /**
     * Writes the table from the stored findings of all machines, so that it is complete even if only one machine ran.
     */
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
     * Returns the script for a machine. It runs the program {@link InGuest} in network namespaces and, at the same
     * time, the agent of the image in the machine's own namespace. It stops the agent when the agent's rules are in the
     * kernel.
     */
    static String script(String parts, String modes) throws IOException {
        return "java_test InGuest /test/scenarios " + parts + " &\ntests=$!\nmodes='" + modes + "'\n"
                + Files.readString(RESOURCES.resolve("agent-in-guest.sh"))
                + "wait $tests\n";
    }
}
