package io.fairlead.e2e.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompatibilityTableTest {

    @ParameterizedTest
    @EnumSource(Finding.Verdict.class)
    void aFindingSurvivesTheSerialLine(Finding.Verdict verdict) {
        Finding finding = new Finding("nftables: cleanup", verdict, "two words");

        assertThat(Finding.parse("[ 1.5] " + finding.line())).contains(finding);
    }

    @Test
    void otherLinesAreNoFindings() {
        assertThat(Finding.parse("guest: exit 0")).isEqualTo(Optional.empty());
        assertThat(Finding.parse("finding [x] PERHAPS so")).isEqualTo(Optional.empty());
    }

    @Test
    void whatWasNotTriedBecauseTheToolsAreTooOldIsRefused() {
        CompatibilityTable table = new CompatibilityTable();
        table.note("Linux 5.10", new Finding("nftables: versions", Finding.Verdict.REFUSED, "nft 0.9.8 is too old"));
        table.note("Linux 6.1", new Finding("nftables: versions", Finding.Verdict.WORKS, ""));
        table.note("Linux 6.1", new Finding("nftables: cleanup", Finding.Verdict.WORKS, ""));
        table.note("Linux 6.1", new Finding("iptables: cleanup", Finding.Verdict.WORKS, ""));

        assertThat(table.text())
                .contains("| nftables: cleanup | refused | works |\n")
                .contains("| iptables: cleanup | not run | works |\n");
    }

    @Test
    void everyCellSaysSomething() {
        CompatibilityTable table = new CompatibilityTable();
        table.note("Linux 6.1", new Finding("nftables", Finding.Verdict.WORKS, "16 scenarios"));
        table.note("Linux 5.10", new Finding("nftables", Finding.Verdict.REFUSED, "nft 0.9.8 is too old"));
        table.note("Linux 5.10", new Finding("iptables", Finding.Verdict.WORKS, ""));
        table.machine("Linux 6.12");

        assertThat(table.text())
                .contains("| | Linux 6.1 | Linux 5.10 | Linux 6.12 |\n")
                .contains("| nftables | works: 16 scenarios | refused | not run |\n")
                .contains("| iptables | not run | works | not run |\n")
                .endsWith("* Linux 5.10, nftables: nft 0.9.8 is too old\n");
    }

    @Test
    void longRemarksAreWrapped() {
        CompatibilityTable table = new CompatibilityTable();
        String text = "word ".repeat(60).strip();
        table.note("Linux 6.1", new Finding("nftables: agent", Finding.Verdict.BROKEN, text));

        String remark = table.text().substring(table.text().indexOf("\n* ") + 1);

        assertThat(remark.lines())
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
        assertThat(remark.replace("\n  ", " ")).isEqualTo("* Linux 6.1, nftables: agent: " + text + "\n");
    }

    @Test
    void timesAreShownAndLongTextsStandBelow() {
        CompatibilityTable table = new CompatibilityTable();
        table.note("Linux 6.1", new Finding("machine: boot", Finding.Verdict.WORKS, "5.1 s"));
        table.note("Linux 6.1", new Finding("nftables: cleanup", Finding.Verdict.WORKS, "(3 s)"));
        String notice = "the other Service is served; quarantine: Service default/sticky";
        table.note("Linux 6.1", new Finding("iptables: without xt_recent", Finding.Verdict.WORKS, notice));

        assertThat(table.text())
                .contains("| machine: boot | 5.1 s |\n")
                .contains("| nftables: cleanup | works: 3 s |\n")
                .contains("| iptables: without xt_recent | works |\n")
                .endsWith("* Linux 6.1, iptables: without xt_recent: " + notice + "\n");
    }
}
