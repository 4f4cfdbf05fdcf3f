package io.fairlead.config.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FlagValuesTest {

    private static FlagValues of(KubeProxyFlag flag, String... values) {
        return FlagValues.of(Map.of(flag, List.of(values)));
    }

    private static String fields(KubeProxyFlag flag, String... values) {
        return of(flag, values).fields().toString();
    }

    @Test
    void theLastOneCounts() {
        FlagValues values = of(KubeProxyFlag.PROXY_MODE, "iptables", "nftables");

        assertThat(values.text(KubeProxyFlag.PROXY_MODE)).isEqualTo("nftables");
        assertThat(values.fields()).hasToString("{mode=\"nftables\"}");
    }

    @Test
    void listsAddUp() {
        assertThat(fields(KubeProxyFlag.NODEPORT_ADDRESSES, "10.0.0.0/8,fd00::/8", "\"192.0.2.0/24\""))
                .isEqualTo("{nodePortAddresses=[\"10.0.0.0/8\",\"fd00::/8\",\"192.0.2.0/24\"]}");
        assertThat(fields(KubeProxyFlag.FEATURE_GATES, "A=true, C = 1", "B=false,A=f"))
                .isEqualTo("{featureGates={\"A\":false,\"C\":true,\"B\":false}}");
        assertThat(fields(KubeProxyFlag.VMODULE, "Sync*=6,,Planner=4", "x=1"))
                .isEqualTo("{logging.vmodule=[{\"filePattern\":\"Sync*\",\"verbosity\":6},"
                        + "{\"filePattern\":\"Planner\",\"verbosity\":4},{\"filePattern\":\"x\",\"verbosity\":1}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "MASQUERADE_ALL, true, masqueradeAll=true",
        "IPTABLES_SYNC_PERIOD, 9s, syncPeriod=\"9s\"",
        "IPTABLES_MIN_SYNC_PERIOD, 0, minSyncPeriod=\"0s\""
    })
    void someSetTheFieldOfTheModeInUse(KubeProxyFlag flag, String text, String field) {
        assertThat(fields(flag, text)).isEqualTo("{iptables." + field + "}");
        assertThat(FlagValues.of(Map.of(flag, List.of(text), KubeProxyFlag.PROXY_MODE, List.of("nftables")))
                        .fields())
                .hasToString("{mode=\"nftables\", nftables." + field + "}");
    }

    @Test
    void onlyThoseThatCountAreSetBesideAFile() {
        FlagValues values = FlagValues.of(Map.of(
                KubeProxyFlag.PROXY_MODE, List.of("nftables"),
                KubeProxyFlag.V, List.of("4")));

        assertThat(values.besideFile(KubeProxyFlag::countsBesideConfig)).hasToString("{logging.verbosity=4}");
    }

    /** Tests statement CFG-7 of docs/behaviour.md. */
    @ParameterizedTest
    @EnumSource(names = {"HEALTHZ_BIND_ADDRESS", "METRICS_BIND_ADDRESS", "BIND_ADDRESS", "HOSTNAME_OVERRIDE"})
    void anEmptyValueIsAsIfTheFlagWereNotGiven(KubeProxyFlag flag) {
        assertThat(fields(flag, "")).isEqualTo("{}");
    }

    @Test
    void theNameOfTheNodeIsTrimmedAndInLowerCase() {
        assertThat(fields(KubeProxyFlag.HOSTNAME_OVERRIDE, " Node-A ")).isEqualTo("{hostnameOverride=\"node-a\"}");
    }

    @Test
    void aBlankNameOfTheNodeIsRefused() {
        assertThatThrownBy(() -> of(KubeProxyFlag.HOSTNAME_OVERRIDE, " ")).hasMessageContaining("--hostname-override");
    }

    /** Tests statement FLG-6 of docs/behaviour.md. */
    @Test
    void aDeprecatedPortIsThatOfAnAddressWithoutOne() {
        assertThat(fields(KubeProxyFlag.HEALTHZ_PORT, "1234")).isEqualTo("{}");
        assertThat(fields(KubeProxyFlag.HEALTHZ_PORT, "0")).isEqualTo("{healthzBindAddress=\"\"}");
        assertThat(withMetricsPort("192.0.2.1", "1234")).isEqualTo("{metricsBindAddress=\"192.0.2.1:1234\"}");
        assertThat(withMetricsPort("::1", "0x4d2")).isEqualTo("{metricsBindAddress=\"[::1]:1234\"}");
        assertThat(withMetricsPort("192.0.2.1:9", "1234")).isEqualTo("{metricsBindAddress=\"192.0.2.1:9\"}");
        assertThat(withMetricsPort("192.0.2.1:9", "0")).isEqualTo("{metricsBindAddress=\"\"}");
        assertThat(FlagValues.of(Map.of(
                                KubeProxyFlag.HEALTHZ_PORT, List.of("0"),
                                KubeProxyFlag.WRITE_CONFIG_TO, List.of("f")))
                        .fields())
                .as("what is only written has no such port, as kube-proxy has it")
                .isEmpty();
    }

    private static String withMetricsPort(String address, String port) {
        return FlagValues.of(Map.of(
                        KubeProxyFlag.METRICS_BIND_ADDRESS, List.of(address),
                        KubeProxyFlag.METRICS_PORT, List.of(port)))
                .fields()
                .toString();
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
                "OOM_SCORE_ADJ             | 09",
                "OOM_SCORE_ADJ             | 1__0",
                "OOM_SCORE_ADJ             | ''",
                "V                         | 0x4",
                "V                         | -1",
                "BIND_ADDRESS              | localhost",
                "HEALTHZ_BIND_ADDRESS      | :80",
                "CONFIG_SYNC_PERIOD        | 30",
                "NODEPORT_ADDRESSES        | a\"b",
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
                                .startsWith(flag.option() + ": must be ")
                                .contains(text));
    }
}
