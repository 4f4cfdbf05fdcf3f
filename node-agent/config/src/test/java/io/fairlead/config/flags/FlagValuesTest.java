package io.fairlead.config.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlagValuesTest {

    private static FlagValues of(KubeProxyFlag flag, String... values) {
        return FlagValues.of(Map.of(flag, List.of(values)));
    }

    @Test
    void theLastOneCounts() {
        FlagValues values = of(KubeProxyFlag.PROXY_MODE, "iptables", "nftables");

        assertThat(values.text(KubeProxyFlag.PROXY_MODE)).isEqualTo("nftables");
        assertThat(values.tree(_ -> true)).containsExactly(Map.entry("mode", "nftables"));
    }

    @Test
    void listsAddUp() {
        assertThat(of(KubeProxyFlag.NODEPORT_ADDRESSES, "10.0.0.0/8,fd00::/8", "192.0.2.0/24")
                        .tree(_ -> true))
                .containsEntry("nodePortAddresses", List.of("10.0.0.0/8", "fd00::/8", "192.0.2.0/24"));
        assertThat(of(KubeProxyFlag.FEATURE_GATES, "A=true", "B=false").tree(_ -> true))
                .containsEntry("featureGates", Map.of("A", true, "B", false));
        assertThat(of(KubeProxyFlag.VMODULE, "Sync*=6,Planner=4").tree(_ -> true))
                .containsEntry(
                        "logging",
                        Map.of(
                                "vmodule",
                                List.of(
                                        Map.of("filePattern", "Sync*", "verbosity", 6L),
                                        Map.of("filePattern", "Planner", "verbosity", 4L))));
    }

    @Test
    void someSetTheFieldsOfBothModes() {
        assertThat(of(KubeProxyFlag.MASQUERADE_ALL, "true").tree(_ -> true))
                .containsOnly(
                        Map.entry("iptables", Map.of("masqueradeAll", true)),
                        Map.entry("nftables", Map.of("masqueradeAll", true)));
        assertThat(of(KubeProxyFlag.IPTABLES_SYNC_PERIOD, "9s").tree(_ -> true))
                .containsOnly(
                        Map.entry("iptables", Map.of("syncPeriod", "9s")),
                        Map.entry("nftables", Map.of("syncPeriod", "9s")));
        assertThat(of(KubeProxyFlag.IPTABLES_MIN_SYNC_PERIOD, "2s").tree(_ -> true))
                .containsOnly(
                        Map.entry("iptables", Map.of("minSyncPeriod", "2s")),
                        Map.entry("nftables", Map.of("minSyncPeriod", "2s")));
    }

    @Test
    void onlyThoseThatCountAreInTheTree() {
        FlagValues values = FlagValues.of(Map.of(
                KubeProxyFlag.PROXY_MODE, List.of("nftables"),
                KubeProxyFlag.V, List.of("4")));

        assertThat(values.tree(KubeProxyFlag::countsBesideConfig))
                .containsExactly(Map.entry("logging", Map.of("verbosity", 4L)));
    }

    /** CFG-7. */
    @Test
    void anEmptyAddressSwitchesAServerOff() {
        assertThat(of(KubeProxyFlag.HEALTHZ_BIND_ADDRESS, "").switchedOff()).containsExactly("healthzBindAddress");
        assertThat(of(KubeProxyFlag.METRICS_BIND_ADDRESS, "").switchedOff()).containsExactly("metricsBindAddress");
        assertThat(of(KubeProxyFlag.METRICS_BIND_ADDRESS, "0.0.0.0").switchedOff())
                .isEmpty();
    }

    /** FLG-6. */
    @Test
    void theDeprecatedPortsStandForAddresses() {
        assertThat(of(KubeProxyFlag.HEALTHZ_PORT, "0").switchedOff()).containsExactly("healthzBindAddress");
        assertThat(of(KubeProxyFlag.METRICS_PORT, "0").switchedOff()).containsExactly("metricsBindAddress");
        assertThat(of(KubeProxyFlag.HEALTHZ_PORT, "1234").tree(_ -> true))
                .containsExactly(Map.entry("healthzBindAddress", "0.0.0.0:1234"));
        assertThat(of(KubeProxyFlag.METRICS_PORT, "1234").tree(_ -> true))
                .containsExactly(Map.entry("metricsBindAddress", "127.0.0.1:1234"));
        assertThat(FlagValues.of(Map.of(
                                KubeProxyFlag.METRICS_PORT, List.of("0"),
                                KubeProxyFlag.METRICS_BIND_ADDRESS, List.of("127.0.0.1:9")))
                        .switchedOff())
                .as("the address goes before")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,true", "t,true", "T,true", "TRUE,true", "True,true", "0,false", "f,false", "False,false"})
    void switchesAreWrittenAsGoTakesThem(String text, boolean on) {
        assertThat(of(KubeProxyFlag.CLEANUP, text).isOn(KubeProxyFlag.CLEANUP)).isEqualTo(on);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CLEANUP                   | yes",
                "OOM_SCORE_ADJ             | low",
                "OOM_SCORE_ADJ             | 3000000000",
                "KUBE_API_QPS              | many",
                "FEATURE_GATES             | A",
                "FEATURE_GATES             | A=maybe",
                "VMODULE                   | a",
                "VMODULE                   | a=b",
                "LOG_JSON_INFO_BUFFER_SIZE | much",
            })
    void aValueOfAnotherTypeIsRefusedByName(KubeProxyFlag flag, String text) {
        assertThatThrownBy(() -> of(flag, text))
                .isInstanceOfSatisfying(
                        FlagException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .startsWith(flag.option() + ": not ")
                                .contains("\"" + text + "\""));
    }
}
