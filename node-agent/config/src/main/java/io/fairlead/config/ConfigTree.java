package io.fairlead.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.json.JsonMapper;

/** A configuration as kube-proxy's fields, every one of them, sorted: what {@link ConfigReader} reads, written (CFG-11). */
public final class ConfigTree {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfigTree() {}

    /** What {@code --write-config-to} writes: a file that reads as this configuration (CFG-11). */
    public static String yaml(KubeProxyConfig config, ProxyMode mode) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .build())
                .dumpToString(of(config, mode));
    }

    /** What {@code /configz} shows: the fields under the name of their API group (HTTP-10). */
    public static String json(KubeProxyConfig config, ProxyMode mode) {
        SortedMap<String, Object> root = new TreeMap<>();
        root.put("kubeproxy.config.k8s.io", of(config, mode));
        return JSON.writeValueAsString(root);
    }

    private static SortedMap<String, @Nullable Object> of(KubeProxyConfig config, ProxyMode mode) {
        SortedMap<String, @Nullable Object> tree = new TreeMap<>();
        tree.put("apiVersion", "kubeproxy.config.k8s.io/v1alpha1");
        tree.put("kind", "KubeProxyConfiguration");
        tree.put("mode", mode.text());
        if (!config.featureGates().isEmpty()) {
            tree.put("featureGates", new TreeMap<>(config.featureGates()));
        }
        tree.put("clientConnection", clientConnection(config.clientConnection()));
        tree.put("logging", logging(config.logging()));
        tree.put("hostnameOverride", config.hostnameOverride());
        tree.put("bindAddress", config.bindAddress().text());
        tree.put("healthzBindAddress", text(config.healthzBindAddress()));
        tree.put("metricsBindAddress", text(config.metricsBindAddress()));
        tree.put("bindAddressHardFail", config.bindAddressHardFail());
        tree.put("enableProfiling", config.enableProfiling());
        tree.put("showHiddenMetricsForVersion", config.showHiddenMetricsForVersion());
        SortedMap<String, Object> iptables = rules(config.iptables());
        iptables.put("localhostNodePorts", config.localhostNodePorts());
        tree.put("iptables", iptables);
        tree.put("nftables", rules(config.nftables()));
        detectLocal(tree, config.detectLocal());
        tree.put(
                "clusterCIDR",
                config.clusterCidrs().stream().map(Cidr::toString).collect(Collectors.joining(",")));
        tree.put("nodePortAddresses", nodePortAddresses(config.nodePortAddresses()));
        tree.put("oomScoreAdj", config.oomScoreAdj());
        tree.put("conntrack", conntrack(config.conntrack()));
        tree.put("configSyncPeriod", GoDuration.text(config.configSyncPeriod()));
        tree.put("ipvs", config.others().ipvs());
        tree.put("winkernel", config.others().winkernel());
        tree.put("portRange", config.others().portRange());
        return tree;
    }

    private static SortedMap<String, Object> clientConnection(KubeProxyConfig.ClientConnection connection) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("kubeconfig", connection.kubeconfig());
        tree.put("acceptContentTypes", connection.acceptContentTypes());
        tree.put("contentType", connection.contentType());
        tree.put("qps", whole(connection.qps()));
        tree.put("burst", connection.burst());
        return tree;
    }

    private static SortedMap<String, Object> logging(KubeProxyConfig.Logging logging) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("format", logging.format());
        tree.put("flushFrequency", GoDuration.text(logging.flushFrequency()));
        tree.put("verbosity", logging.verbosity());
        if (!logging.vmodule().isEmpty()) {
            tree.put(
                    "vmodule",
                    logging.vmodule().stream().map(ConfigTree::vmodule).toList());
        }
        SortedMap<String, Object> options = new TreeMap<>();
        options.put("json", stream(logging.json()));
        options.put("text", stream(logging.text()));
        tree.put("options", options);
        return tree;
    }

    private static SortedMap<String, Object> vmodule(KubeProxyConfig.Logging.Vmodule vmodule) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("filePattern", vmodule.filePattern());
        tree.put("verbosity", vmodule.verbosity());
        return tree;
    }

    private static SortedMap<String, Object> stream(KubeProxyConfig.Logging.Stream stream) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("infoBufferSize", stream.infoBufferSize());
        if (stream.split()) {
            tree.put("splitStream", true);
        }
        return tree;
    }

    private static SortedMap<String, Object> rules(KubeProxyConfig.Rules rules) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("masqueradeBit", rules.masqueradeBit());
        tree.put("masqueradeAll", rules.masqueradeAll());
        tree.put("syncPeriod", GoDuration.text(rules.syncPeriod()));
        tree.put("minSyncPeriod", GoDuration.text(rules.minSyncPeriod()));
        return tree;
    }

    private static void detectLocal(SortedMap<String, @Nullable Object> tree, DetectLocal detectLocal) {
        String bridge = "";
        String prefix = "";
        switch (detectLocal) {
            case DetectLocal.ClusterCidr _ -> tree.put("detectLocalMode", "ClusterCIDR");
            case DetectLocal.NodeCidr _ -> tree.put("detectLocalMode", "NodeCIDR");
            case DetectLocal.BridgeInterface(var name) -> {
                tree.put("detectLocalMode", "BridgeInterface");
                bridge = name.text();
            }
            case DetectLocal.InterfaceNamePrefix(var name) -> {
                tree.put("detectLocalMode", "InterfaceNamePrefix");
                prefix = name.text();
            }
        }
        SortedMap<String, Object> section = new TreeMap<>();
        section.put("bridgeInterface", bridge);
        section.put("interfaceNamePrefix", prefix);
        tree.put("detectLocal", section);
    }

    private static @Nullable List<String> nodePortAddresses(NodePortSelection selection) {
        if (selection.equals(NodePortSelection.everywhere())) {
            return null;
        }
        List<String> words = new ArrayList<>();
        if (selection.primaryAddresses()) {
            words.add("primary");
        }
        selection.ranges().forEach(range -> words.add(range.toString()));
        return words;
    }

    private static SortedMap<String, Object> conntrack(KubeProxyConfig.Conntrack conntrack) {
        SortedMap<String, Object> tree = new TreeMap<>();
        tree.put("maxPerCore", conntrack.maxPerCore());
        tree.put("min", conntrack.min());
        tree.put("tcpEstablishedTimeout", GoDuration.text(conntrack.tcpEstablishedTimeout()));
        tree.put("tcpCloseWaitTimeout", GoDuration.text(conntrack.tcpCloseWaitTimeout()));
        tree.put("tcpBeLiberal", conntrack.tcpBeLiberal());
        tree.put("udpTimeout", GoDuration.text(conntrack.udpTimeout()));
        tree.put("udpStreamTimeout", GoDuration.text(conntrack.udpStreamTimeout()));
        return tree;
    }

    private static String text(@Nullable IpPort address) {
        return address == null ? "" : address.text();
    }

    /** 5 rather than 5.0, as kube-proxy writes it. */
    private static Object whole(double number) {
        if (number == Math.rint(number) && Math.abs(number) < Integer.MAX_VALUE) {
            return (int) number;
        }
        return number;
    }
}
