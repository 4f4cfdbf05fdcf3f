package io.fairlead.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BenchReportTest {
    private static final Figures FAST = figures(2_000_000);
    private static final Figures SLOW = figures(20_000_000);

    private static Figures figures(long nanos) {
        return new Figures(
                nanos,
                nanos * 1000,
                List.of(nanos),
                nanos,
                nanos,
                new Memory(100 * 1024),
                new Memory(110 * 1024),
                0,
                300,
                -1,
                nanos,
                nanos,
                nanos,
                -1);
    }

    @Test
    void kubeProxyIsComparedWithFairleadOfTheSameSizeAndRules() {
        List<String> table = new BenchReport(
                        List.of(
                                new BenchReport.Row(1000, Tools.NFTABLES, "Fairlead", FAST, ""),
                                new BenchReport.Row(1000, Tools.NFTABLES, "kube-proxy", SLOW, ""),
                                new BenchReport.Row(10_000, Tools.NFTABLES, "Fairlead", FAST, "")),
                        "6.1")
                .table()
                .lines()
                .toList();
        assertThat(table).hasSize(6);
        assertThat(table.get(2)).startsWith("| 1,000 | nftables | Fairlead | 2.00 ms | 2.0 s | 2.00 ms |");
        assertThat(table.get(3)).startsWith("| 1,000 | nftables | kube-proxy | 20 ms | 20.0 s |");
        assertThat(table.get(4))
                .startsWith("| | | kube-proxy / Fairlead | 10.0 | 10.0 |")
                .endsWith("| - |");
        assertThat(table.get(2)).contains("| 0.00 % | 300 | - |");
        assertThat(table.get(5)).startsWith("| 10,000 | nftables | Fairlead |");
    }

    @Test
    void anOlderBuildIsComparedWithThisOne() {
        List<String> table = new BenchReport(
                        List.of(
                                new BenchReport.Row(1000, Tools.NFTABLES, "older build", SLOW, ""),
                                new BenchReport.Row(1000, Tools.NFTABLES, "Fairlead", FAST, ""),
                                new BenchReport.Row(1000, Tools.NFTABLES, "older build", SLOW, ""),
                                new BenchReport.Row(1000, Tools.NFTABLES, "kube-proxy", SLOW, "")),
                        "6.1")
                .table()
                .lines()
                .toList();
        assertThat(table).hasSize(8);
        assertThat(table.get(5)).startsWith("| | | older build / Fairlead | 10.0 | 10.0 |");
        assertThat(table.get(7)).startsWith("| | | kube-proxy / Fairlead | 10.0 | 10.0 |");
    }

    @Test
    void kubeProxyHasOneLayoutForBothOfFairleads() {
        assertThat(Tools.IPTABLES_LEGACY.sameForKubeProxy(Tools.IPTABLES_LEGACY_COMPACT))
                .isTrue();
        assertThat(Tools.IPTABLES_NFT.sameForKubeProxy(Tools.IPTABLES_LEGACY_COMPACT))
                .isFalse();
        Path kubeconfig = Path.of("kubeconfig");
        Contender fairlead = new Contender.Fairlead(Contender.Fairlead.THIS, List.of("java"));
        Contender kubeProxy = new Contender.KubeProxy(Path.of("kube-proxy"));
        assertThat(fairlead.words(Tools.IPTABLES_LEGACY_COMPACT, kubeconfig)).contains("--iptables-layout=compact");
        assertThat(fairlead.words(Tools.IPTABLES_LEGACY, kubeconfig)).noneMatch(word -> word.contains("layout"));
        assertThat(kubeProxy.words(Tools.IPTABLES_LEGACY_COMPACT, kubeconfig))
                .isEqualTo(kubeProxy.words(Tools.IPTABLES_LEGACY, kubeconfig));
    }

    @Test
    void whatWasNotMeasuredSaysWhyInItsPlace() {
        BenchReport report = new BenchReport(
                List.of(
                        new BenchReport.Row(1000, Tools.IPTABLES_LEGACY, "Fairlead", FAST, ""),
                        new BenchReport.Row(1000, Tools.IPTABLES_LEGACY, "kube-proxy", null, "ended:\na|b")),
                "6.1");
        assertThat(report.table().lines().toList())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("| 1,000 | iptables (legacy variant) | kube-proxy | not measured: ended: |");
        assertThat(report.tree().get("rows").toString()).contains("notMeasured=ended:");
        assertThat(report.tree()).containsEntry("kernel", "6.1");
    }
}
