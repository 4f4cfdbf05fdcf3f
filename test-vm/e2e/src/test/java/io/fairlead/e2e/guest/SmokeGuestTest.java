package io.fairlead.e2e.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests one other kernel with few scenarios. {@link GuestTest} tests all kernels and scenarios. */
@NeedsQemu
final class SmokeGuestTest {

    @TempDir
    Path folder;

    @Test
    void theAgentAndAFewScenariosWorkOnTheKernelOfDebian12() throws IOException, InterruptedException {
        List<String> lines =
                Guest.of("bookworm").boot(folder, GuestTest.script("nftables few", "nftables"), Duration.ofMinutes(5));
        List<Finding> findings =
                lines.stream().map(Finding::parse).flatMap(Optional::stream).toList();

        assertThat(findings)
                .as(String.join("\n", lines))
                .isNotEmpty()
                .allSatisfy(finding ->
                        assertThat(finding.verdict()).as(finding.line()).isEqualTo(Finding.Verdict.WORKS));
        assertThat(findings.stream().map(Finding::feature))
                .contains("nftables: packets of IPv4 and IPv6", "nftables: cleanup", "nftables: agent");
    }
}
