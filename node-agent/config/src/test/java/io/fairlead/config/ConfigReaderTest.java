package io.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {
    private static final String HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    private static ConfigReader.Result read(String fields) {
        return ConfigReader.read("config.yaml", bytes(HEAD + fields));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KubeProxyConfig config(String fields) {
        ConfigReader.Result result = read(fields);
        assertThat(result.warnings()).isEmpty();
        return result.config();
    }

    private static List<String> problems(String fields) {
        try {
            read(fields);
        } catch (ConfigException e) {
            return e.problems();
        }
        throw new AssertionError("was accepted: " + fields);
    }

    private static String defaultsAsWrittenByKubeProxy() throws IOException {
        try (InputStream in = ConfigReaderTest.class.getResourceAsStream("defaults.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void knowsEveryFieldThatKubeProxyWrites() throws IOException {
        ConfigReader.Result result = ConfigReader.read("defaults.yaml", bytes(defaultsAsWrittenByKubeProxy()));

        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void defaultsAreThoseOfKubeProxyButForTheWaitBetweenRuns() throws IOException {
        KubeProxyConfig written = ConfigReader.read("defaults.yaml", bytes(defaultsAsWrittenByKubeProxy()))
                .config();
        KubeProxyConfig ours = KubeProxyConfig.defaults();

        assertThat(ours)
                .usingRecursiveComparison()
                .ignoringFields("iptables.minSyncPeriod", "nftables")
                .isEqualTo(written);
        assertThat(written.iptables().minSyncPeriod()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ours.iptables().minSyncPeriod()).isZero();
        assertThat(ours.healthzBindAddress()).isEqualTo(IpPort.parse("0.0.0.0:10256"));
        assertThat(ours.metricsBindAddress()).isEqualTo(IpPort.parse("127.0.0.1:10249"));
        assertThat(ours.oomScoreAdj()).isEqualTo(-999);
        assertThat(ours.conntrack())
                .isEqualTo(new KubeProxyConfig.Conntrack(
                        32_768,
                        131_072,
                        Duration.ofHours(24),
                        Duration.ofHours(1),
                        false,
                        Duration.ZERO,
                        Duration.ZERO));
        assertThat(ours.clientConnection())
                .isEqualTo(new KubeProxyConfig.ClientConnection("", "", "application/vnd.kubernetes.protobuf", 5, 10));
    }

    @Test
    void anIpv6BindAddressMovesTheOtherDefaults() {
        KubeProxyConfig config = config("bindAddress: '::'");

        assertThat(config.healthzBindAddress()).isEqualTo(IpPort.parse("[::]:10256"));
        assertThat(config.metricsBindAddress()).isEqualTo(IpPort.parse("[::1]:10249"));
        assertThat(config.settings(ProxyMode.IPTABLES, "n", List.of()).bindAddresses())
                .isEmpty();
    }

    @Test
    void aSpecificBindAddressIsTheNodesPrimaryAddress() {
        assertThat(config("bindAddress: 192.0.2.1")
                        .settings(ProxyMode.IPTABLES, "n", List.of())
                        .bindAddresses())
                .containsExactly(Ip.parse("192.0.2.1"));
    }

    @Test
    void anAddressWithoutPortGetsTheDefaultPort() {
        KubeProxyConfig config = config("healthzBindAddress: 192.0.2.1\nmetricsBindAddress: '[fd00::1]:9000'");

        assertThat(config.healthzBindAddress()).isEqualTo(IpPort.parse("192.0.2.1:10256"));
        assertThat(config.metricsBindAddress()).isEqualTo(IpPort.parse("[fd00::1]:9000"));
    }

    @Test
    void onlyTheActiveModesBlockCounts() {
        KubeProxyConfig config =
                config("iptables: {masqueradeAll: true, masqueradeBit: 3}\nnftables: {masqueradeBit: 5}");

        assertThat(config.settings(ProxyMode.IPTABLES, "n", List.of()))
                .extracting(NodeSettings::masqueradeAll, NodeSettings::masqueradeBit)
                .containsExactly(true, 3);
        assertThat(config.settings(ProxyMode.NFTABLES, "n", List.of()))
                .extracting(NodeSettings::masqueradeAll, NodeSettings::masqueradeBit)
                .containsExactly(false, 5);
    }

    @Test
    void nodePortsOfAnNftablesNodeAreOnItsPrimaryAddressUnlessSaidOtherwise() {
        assertThat(config("").settings(ProxyMode.NFTABLES, "n", List.of()).nodePortAddresses())
                .isEqualTo(NodePortSelection.primary());
        assertThat(config("").settings(ProxyMode.IPTABLES, "n", List.of()).nodePortAddresses())
                .isEqualTo(NodePortSelection.everywhere());
        assertThat(config("nodePortAddresses: [0.0.0.0/0, '::/0']")
                        .settings(ProxyMode.NFTABLES, "n", List.of())
                        .nodePortAddresses())
                .isEqualTo(NodePortSelection.within(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"))));
        assertThat(config("nodePortAddresses: [primary, localhost, 10.0.0.0/8]")
                        .settings(ProxyMode.NFTABLES, "n", List.of())
                        .nodePortAddresses())
                .isEqualTo(new NodePortSelection(
                        true, List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"), Cidr.parse("10.0.0.0/8"))));
        assertThat(config("nodePortAddresses: [primary]")
                        .settings(ProxyMode.IPTABLES, "n", List.of())
                        .nodePortAddresses())
                .isEqualTo(NodePortSelection.primary());
    }

    @Test
    void warnsOfAFamilyThatTheNodePortRangesDoNotRestrict() {
        assertThat(read("nodePortAddresses: [192.0.2.0/24]").warnings())
                .singleElement()
                .asString()
                .contains("nodePortAddresses")
                .contains("IPv6");
    }

    @Test
    void advisesAnIptablesNodeThatServesNodePortsEverywhere() {
        assertThat(read("").advice()).singleElement().asString().contains("nodePortAddresses");
        assertThat(read("mode: nftables").advice()).isEmpty();
        assertThat(ConfigReader.read("f", bytes(HEAD), ProxyMode.NFTABLES).advice())
                .isEmpty();
    }

    @Test
    void readsHowPodsAreTold() {
        assertThat(config("clusterCIDR: '10.244.0.0/16,fd00:10::/56'").detectLocal())
                .isEqualTo(
                        new DetectLocal.ClusterCidr(List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10::/56"))));
        assertThat(config("detectLocalMode: NodeCIDR").detectLocal()).isEqualTo(new DetectLocal.NodeCidr());
        assertThat(config("detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cni0}")
                        .detectLocal())
                .isEqualTo(new DetectLocal.BridgeInterface(new InterfaceName("cni0")));
        assertThat(config("detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: veth}")
                        .detectLocal())
                .isEqualTo(new DetectLocal.InterfaceNamePrefix(new InterfaceName("veth")));
    }

    @Test
    void namesTheNode() {
        assertThat(config("hostnameOverride: ' Node-A '").nodeName("host")).isEqualTo("node-a");
        assertThat(config("").nodeName("Host.Example")).isEqualTo("host.example");
    }

    @Test
    void warnsOfUnknownAndDuplicateFieldsAndGoesOn() {
        ConfigReader.Result result =
                read("masqueradeAll: true\niptables: {masqBit: 3}\nmode: iptables\nmode: nftables\n");

        assertThat(result.config().mode()).isEqualTo(ProxyMode.NFTABLES);
        assertThat(result.warnings())
                .containsExactlyInAnyOrder(
                        "line 3: masqueradeAll: is no field of KubeProxyConfiguration; ignored",
                        "line 4: iptables.masqBit: is no field of KubeProxyConfiguration; ignored",
                        "line 6: mode: is set more than once; the last value counts");
    }

    @Test
    void aChosenModeReplacesTheFiles() {
        assertThat(ConfigReader.read("f", bytes(HEAD + "mode: ipvs\n"), ProxyMode.NFTABLES)
                        .warnings())
                .isEmpty();
        assertThat(ConfigReader.read("f", bytes(HEAD + "mode: ipvs\n"), ProxyMode.IPTABLES)
                        .config()
                        .mode())
                .isEqualTo(ProxyMode.IPTABLES);
        assertThat(problems("mode: ipvs")).singleElement().asString().contains("nftables");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThat(problems("iptables: {masqueradeBit: 40, syncPeriod: soon}\noomScoreAdj: 2000\nclusterCIDR: x"))
                .containsExactlyInAnyOrder(
                        "line 3: iptables.masqueradeBit: must be from 0 to 31, but is 40",
                        "line 3: iptables.syncPeriod: must be a duration like 30s, 1m30s or 1h, but is \"soon\"",
                        "line 4: oomScoreAdj: must be from -1000 to 1000, but is 2000",
                        "line 5: clusterCIDR: must be a range, or one of each family separated by a comma, but is \"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: userspace                                            | mode",
                "mode: 5                                                    | mode",
                "bindAddress: localhost                                     | bindAddress",
                "healthzBindAddress: 0.0.0.0:70000                          | healthzBindAddress",
                "metricsBindAddress: localhost:1                            | metricsBindAddress",
                "iptables: {masqueradeBit: -1}                              | iptables.masqueradeBit",
                "iptables: {syncPeriod: 500ms}                              | iptables.syncPeriod",
                "iptables: {minSyncPeriod: 31s}                             | iptables.minSyncPeriod",
                "iptables: {minSyncPeriod: -1s}                             | iptables.minSyncPeriod",
                "iptables: {syncPeriod: -1s}                                | iptables.syncPeriod",
                "iptables: {syncPeriod: 30}                                 | iptables.syncPeriod",
                "iptables: on                                               | iptables",
                "iptables: {localhostNodePorts: 'yes'}                      | iptables.localhostNodePorts",
                "conntrack: {maxPerCore: -1}                                | conntrack.maxPerCore",
                "conntrack: {tcpCloseWaitTimeout: -1h}                      | conntrack.tcpCloseWaitTimeout",
                "conntrack: {min: 1.5}                                      | conntrack.min",
                "oomScoreAdj: -1001                                         | oomScoreAdj",
                "configSyncPeriod: -1m                                      | configSyncPeriod",
                "clusterCIDR: '10.0.0.0/8,10.1.0.0/16'                      | clusterCIDR",
                "clusterCIDR: '10.0.0.0/8,'                                 | clusterCIDR",
                "nodePortAddresses: [10.0.0.0/8, primary, loopback]         | nodePortAddresses[2]",
                "nodePortAddresses: [10.0.0.1]                              | nodePortAddresses[0]",
                "nodePortAddresses: 10.0.0.0/8                              | nodePortAddresses",
                "detectLocalMode: Magic                                     | detectLocalMode",
                "clientConnection: {burst: -1}                              | clientConnection.burst",
                "showHiddenMetricsForVersion: latest                        | showHiddenMetricsForVersion",
                "showHiddenMetricsForVersion: '1.35'                        | showHiddenMetricsForVersion",
                "configSyncPeriod: ''                                       | configSyncPeriod",
                "configSyncPeriod: ~                                        | configSyncPeriod",
                "hostnameOverride: on                                       | hostnameOverride",
                "nodePortAddresses: [' 10.0.0.0/8']                         | nodePortAddresses[0]",
                "nodePortAddresses: [primary, primary]                      | nodePortAddresses[1]",
                "featureGates: {NoSuchGate: true}                           | featureGates.NoSuchGate",
                "featureGates: {NFTablesProxyMode: false}                   | featureGates.NFTablesProxyMode",
                "featureGates: {AllAlpha: maybe}                            | featureGates.AllAlpha",
                "logging: {options: {text: {infoBufferSize: 1}}}            | logging.options.text.infoBufferSize",
                "logging: {format: json, vmodule: [{filePattern: a}]}       | logging.vmodule",
                "logging: {format: xml}                                     | logging.format"
            })
    void refusesAValueAndNamesItsField(String fields, String field) {
        assertThat(problems(fields)).singleElement().asString().startsWith("line 3: " + field + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "BridgeInterface, detectLocal.bridgeInterface",
        "InterfaceNamePrefix, detectLocal.interfaceNamePrefix",
    })
    void aWayToDistinguishPodsNeedsItsField(String mode, String field) {
        assertThat(problems("detectLocalMode: " + mode))
                .containsExactly(field + ": must be set if detectLocalMode is " + mode);
    }

    @Test
    void aGateThatNeedsOthersIsRefusedWithoutThem() {
        assertThat(problems("featureGates: {AllAlpha: true}"))
                .isNotEmpty()
                .allMatch(problem -> problem.startsWith("line 3: featureGates.AllAlpha: cannot be true: "));
    }

    @Test
    void periodsOfTheOtherModeAreNotCompared() {
        assertThat(config("nftables: {minSyncPeriod: 31s, masqueradeBit: 40}")
                        .nftables()
                        .minSyncPeriod())
                .isEqualTo(Duration.ofSeconds(31));
        assertThat(config("mode: nftables\niptables: {syncPeriod: -5s}").mode()).isEqualTo(ProxyMode.NFTABLES);
    }

    @Test
    void aBlankNameOfTheNodeIsTheHosts() {
        ConfigReader.Result result = read("hostnameOverride: ' '");

        assertThat(result.config().nodeName("Host")).isEqualTo("host");
        assertThat(result.warnings()).singleElement().asString().contains("hostnameOverride");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apiVersion: v1, kind: ConfigMap                                | ConfigMap",
                "apiVersion: kubeproxy.config.k8s.io/v1beta1, kind: KubeProxyConfiguration | v1beta1",
                "a: 1                                                           | but is"
            })
    void refusesAnotherKindOfFile(String text, String inMessage) {
        assertThatThrownBy(() -> ConfigReader.read("f", bytes(text.replace(", ", "\n"))))
                .asInstanceOf(type(ConfigException.class))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .asString()
                        .contains(inMessage)
                        .contains("kubeproxy.config.k8s.io/v1alpha1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'[', line 1",
        "'- a', must be a mapping",
        "'', must be a mapping",
        "'{', not JSON",
        "'{} {}', text after the object"
    })
    void refusesWhatIsNoMapping(String text, String inMessage) {
        assertThatThrownBy(() -> ConfigReader.read("f", bytes(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(inMessage);
    }

    @Test
    void namesTheConnectionSettingsThatChangeNothing() {
        assertThat(KubeProxyConfig.defaults().clientConnection().notes())
                .containsExactly(
                        "clientConnection.contentType application/vnd.kubernetes.protobuf has no effect:"
                                + " requests and answers are always application/json",
                        "clientConnection.qps 5.0 and burst 10 have no effect:"
                                + " the agent's few lists and watches need no limit");
    }
}
