package io.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** Tests statement CFG-11 of docs/behaviour.md. */
final class ConfigTextTest {
    private static final String EVERYTHING = """
            apiVersion: kubeproxy.config.k8s.io/v1alpha1
            kind: KubeProxyConfiguration
            bindAddress: 'fd00::1'
            bindAddressHardFail: true
            clientConnection: {acceptContentTypes: a, burst: 11, contentType: b, kubeconfig: /k, qps: 2.5}
            clusterCIDR: 10.244.0.0/16,fd00:10::/56
            configSyncPeriod: 1m30s
            conntrack: {maxPerCore: 1, min: 2, tcpBeLiberal: true, tcpCloseWaitTimeout: 3s, tcpEstablishedTimeout: 4h0m1s,
              udpStreamTimeout: 5.5s, udpTimeout: 600ms}
            detectLocal: {bridgeInterface: '', interfaceNamePrefix: veth}
            detectLocalMode: InterfaceNamePrefix
            enableProfiling: true
            featureGates: {LoggingAlphaOptions: true, AllowServiceExternalIPs: false}
            healthzBindAddress: '[::]:1'
            hostnameOverride: h
            iptables: {localhostNodePorts: false, masqueradeAll: true, masqueradeBit: 1, minSyncPeriod: 1s, syncPeriod: 2s}
            ipvs: {excludeCIDRs: [10.0.0.0/8], minSyncPeriod: 1s, scheduler: rr, strictARP: true, syncPeriod: 2s,
              tcpFinTimeout: 3s, tcpTimeout: 4s, udpTimeout: 5s}
            logging:
              flushFrequency: 6s
              format: text
              options: {json: {infoBufferSize: 1Ki}, text: {infoBufferSize: 2Ki}}
              verbosity: 7
              vmodule: [{filePattern: a*, verbosity: 8}]
            metricsBindAddress: '[::1]:2'
            mode: nftables
            nftables: {masqueradeAll: true, masqueradeBit: 2, minSyncPeriod: 3s, syncPeriod: 4s}
            nodePortAddresses: [192.0.2.0/24, fd00::/64]
            oomScoreAdj: 12
            portRange: 1-2
            showHiddenMetricsForVersion: '1.36'
            winkernel: {enableDSR: true, forwardHealthCheckVip: true, networkName: net, rootHnsEndpointName: r, sourceVip: s}
            """;

    private static KubeProxyConfig read(String text) {
        ConfigReader.Result result = ConfigReader.read("test", text.getBytes(StandardCharsets.UTF_8));
        assertThat(result.warnings()).isEmpty();
        return result.config();
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        KubeProxyConfig config = read(EVERYTHING);

        String yaml = config.written().yaml();

        assertThat(read(yaml))
                .usingRecursiveComparison()
                .ignoringFields("iptables")
                .as("but for the mode that is not in use, as kube-proxy has it")
                .isEqualTo(config);
        assertThat(fields(yaml)).isEqualTo(fields(EVERYTHING));
    }

    @Test
    void theDefaultsAreWrittenAsKubeProxyWritesThem() throws IOException {
        try (InputStream in = ConfigTextTest.class.getResourceAsStream("defaults.yaml")) {
            String theirs = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(KubeProxyConfig.defaults().written().yaml()).isEqualTo(theirs);
        }
    }

    @Test
    void configzHasTheSameUnderTheNameOfTheGroup() {
        String json = read(EVERYTHING).written().json();

        Map<?, ?> tree = JsonMapper.builder().build().readValue(json, Map.class);
        assertThat(tree.keySet()).isEqualTo(Set.of("kubeproxy.config.k8s.io"));
        assertThat(json)
                .contains("\"mode\":\"nftables\"")
                .contains("\"tcpEstablishedTimeout\":\"4h0m1s\"")
                .contains("\"qps\":2.5");
    }

    /** Returns the paths of all values that are not mappings. */
    private static Set<String> fields(String yaml) {
        Set<String> paths = new TreeSet<>();
        add(paths, "", new Yaml().load(yaml));
        return paths;
    }

    private static void add(Set<String> paths, String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, below) -> add(paths, path + "." + name, below));
        } else {
            paths.add(path);
        }
    }
}
