package io.fairlead.agent.live;

import io.fairlead.agent.config.KubeProxyConfig;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The configuration in use as {@code /configz} shows it: fields of v1alpha1 under the name of the API group (HTTP-10). */
final class ConfigJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfigJson() {}

    static String of(KubeProxyConfig config, ProxyMode mode) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode node = root.putObject("kubeproxy.config.k8s.io");
        node.put("kind", "KubeProxyConfiguration").put("apiVersion", "kubeproxy.config.k8s.io/v1alpha1");
        ObjectNode gates = node.putObject("featureGates");
        config.featureGates().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(gate -> gates.put(gate.getKey(), gate.getValue()));
        node.putObject("clientConnection")
                .put("kubeconfig", config.clientConnection().kubeconfig())
                .put("acceptContentTypes", config.clientConnection().acceptContentTypes())
                .put("contentType", config.clientConnection().contentType())
                .put("qps", config.clientConnection().qps())
                .put("burst", config.clientConnection().burst());
        node.putObject("logging")
                .put("format", config.logging().format())
                .put("flushFrequency", text(config.logging().flushFrequency()))
                .put("verbosity", config.logging().verbosity());
        node.put("hostnameOverride", config.hostnameOverride())
                .put("bindAddress", config.bindAddress().text())
                .put("healthzBindAddress", config.healthzBindAddress().text())
                .put("metricsBindAddress", config.metricsBindAddress().text())
                .put("bindAddressHardFail", config.bindAddressHardFail())
                .put("enableProfiling", config.enableProfiling())
                .put("showHiddenMetricsForVersion", config.showHiddenMetricsForVersion())
                .put("mode", mode.text());
        node.set("iptables", rules(config.iptables()).put("localhostNodePorts", config.localhostNodePorts()));
        node.set("nftables", rules(config.nftables()));
        detectLocal(node, config);
        nodePortAddresses(node.putArray("nodePortAddresses"), config.nodePortAddresses());
        node.put("oomScoreAdj", config.oomScoreAdj());
        KubeProxyConfig.Conntrack conntrack = config.conntrack();
        node.putObject("conntrack")
                .put("maxPerCore", conntrack.maxPerCore())
                .put("min", conntrack.min())
                .put("tcpEstablishedTimeout", text(conntrack.tcpEstablishedTimeout()))
                .put("tcpCloseWaitTimeout", text(conntrack.tcpCloseWaitTimeout()))
                .put("tcpBeLiberal", conntrack.tcpBeLiberal())
                .put("udpTimeout", text(conntrack.udpTimeout()))
                .put("udpStreamTimeout", text(conntrack.udpStreamTimeout()));
        node.put("configSyncPeriod", text(config.configSyncPeriod()));
        return root.toString();
    }

    private static ObjectNode rules(KubeProxyConfig.Rules rules) {
        return JSON.createObjectNode()
                .put("masqueradeBit", rules.masqueradeBit())
                .put("masqueradeAll", rules.masqueradeAll())
                .put("syncPeriod", text(rules.syncPeriod()))
                .put("minSyncPeriod", text(rules.minSyncPeriod()));
    }

    private static void detectLocal(ObjectNode node, KubeProxyConfig config) {
        String bridge = "";
        String prefix = "";
        String mode;
        switch (config.detectLocal()) {
            case DetectLocal.ClusterCidr _ -> mode = "ClusterCIDR";
            case DetectLocal.NodeCidr _ -> mode = "NodeCIDR";
            case DetectLocal.BridgeInterface(var name) -> {
                mode = "BridgeInterface";
                bridge = name.text();
            }
            case DetectLocal.InterfaceNamePrefix(var name) -> {
                mode = "InterfaceNamePrefix";
                prefix = name.text();
            }
        }
        node.put("detectLocalMode", mode);
        node.putObject("detectLocal").put("bridgeInterface", bridge).put("interfaceNamePrefix", prefix);
        node.put(
                "clusterCIDR",
                config.clusterCidrs().stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    private static void nodePortAddresses(ArrayNode array, NodePortSelection selection) {
        switch (selection) {
            case NodePortSelection.All _ -> {}
            case NodePortSelection.Primary _ -> array.add("primary");
            case NodePortSelection.Within within -> within.cidrs().forEach(cidr -> array.add(cidr.toString()));
        }
    }

    /** As Go writes durations: "1h0m0s", "1.5s", "0s". */
    static String text(Duration duration) {
        StringBuilder out = new StringBuilder();
        if (duration.toHours() > 0) {
            out.append(duration.toHours()).append('h');
        }
        if (duration.toMinutes() > 0) {
            out.append(duration.toMinutesPart()).append('m');
        }
        BigDecimal seconds =
                BigDecimal.valueOf(duration.toNanosPart(), 9).add(BigDecimal.valueOf(duration.toSecondsPart()));
        return out.append(
                        seconds.signum() == 0
                                ? "0"
                                : seconds.stripTrailingZeros().toPlainString())
                .append('s')
                .toString();
    }
}
