package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other kernels and other versions of the tools, each in a virtual machine. */
@NeedsQemu
@Tag("slow")
final class GuestTest {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie", "bullseye"})
    void nothingIsBroken(String suite) throws IOException, InterruptedException {
        Guest guest = Guest.of(suite);
        List<String> lines = guest.boot(folder, """
                java_test InGuest /test/scenarios nftables iptables-nft iptables-legacy shrink
                """, LONGEST);
        lines.forEach(System.out::println);
        List<Finding> findings =
                lines.stream().map(Finding::parse).flatMap(Optional::stream).toList();

        assertThat(lines).anyMatch(line -> line.contains("guest: exit 0"));
        assertThat(findings).hasSizeGreaterThan(5);
        assertThat(findings).noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
    }
}
