package io.fairlead.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts a valid configuration to the types that the agent uses. */
final class Settings {
    private static final List<Cidr> LOCALHOST = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"));
    private static final List<Cidr> ALL = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

    private Settings() {}

    /**
     * Converts a configuration.
     *
     * @param waits the paths of the fields {@code minSyncPeriod} that were set. The fields that were not set become
     *     zero
     */
    static KubeProxyConfig of(KubeProxyConfiguration file, FeatureGates gates, Set<String> waits, Findings findings) {
        ProxyMode mode = file.mode().equals(ProxyMode.NFTABLES.text()) ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        List<Cidr> clusterCidrs = clusterCidrs(file.clusterCidr());
        if (!file.hostnameOverride().isEmpty() && file.hostnameOverride().isBlank()) {
            findings.warning("hostnameOverride", "is blank: the host's own name is used");
        }
        return new KubeProxyConfig(
                mode,
                gates,
                new KubeProxyConfig.ClientConnection(
                        file.clientConnection().kubeconfig(),
                        file.clientConnection().acceptContentTypes(),
                        file.clientConnection().contentType(),
                        file.clientConnection().qps(),
                        file.clientConnection().burst()),
                logging(file.logging()),
                file.hostnameOverride(),
                HostPort.ip(file.bindAddress()).orElseThrow(),
                HostPort.parse(file.healthzBindAddress()).orElse(null),
                HostPort.parse(file.metricsBindAddress()).orElseThrow(),
                file.bindAddressHardFail(),
                file.enableProfiling(),
                rules(
                        Objects.requireNonNull(file.iptables().masqueradeBit()),
                        file.iptables().masqueradeAll(),
                        file.iptables().syncPeriod(),
                        waits.contains("iptables.minSyncPeriod")
                                ? file.iptables().minSyncPeriod()
                                : Duration.ZERO),
                rules(
                        Objects.requireNonNull(file.nftables().masqueradeBit()),
                        file.nftables().masqueradeAll(),
                        file.nftables().syncPeriod(),
                        waits.contains("nftables.minSyncPeriod")
                                ? file.nftables().minSyncPeriod()
                                : Duration.ZERO),
                Objects.requireNonNull(file.iptables().localhostNodePorts()),
                detectLocal(file, clusterCidrs),
                clusterCidrs,
                nodePortAddresses(file, findings),
                Objects.requireNonNull(file.oomScoreAdj()),
                conntrack(file.conntrack()),
                written(file));
    }

    private static KubeProxyConfig.Logging logging(KubeProxyConfiguration.Logging logging) {
        boolean json = logging.format().equals("json");
        List<KubeProxyConfiguration.Logging.Vmodule> modules =
                Objects.requireNonNullElse(logging.vmodule(), List.<KubeProxyConfiguration.Logging.Vmodule>of());
        return new KubeProxyConfig.Logging(
                json,
                (int) logging.verbosity(),
                modules.stream()
                        .map(one -> new KubeProxyConfig.Logging.Vmodule(one.filePattern(), (int) one.verbosity()))
                        .toList(),
                (json ? logging.options().json() : logging.options().text()).splitStream());
    }

    private static KubeProxyConfig.Rules rules(Integer bit, boolean all, Duration sync, Duration wait) {
        return new KubeProxyConfig.Rules(bit, all, sync, wait);
    }

    /**
     * Returns the ranges of the pods; an empty list if the text is empty or a range is invalid. An invalid range is
     * possible because kube-proxy validates the ranges only if detectLocalMode needs them.
     */
    private static List<Cidr> clusterCidrs(String text) {
        List<Optional<Cidr>> ranges =
                Stream.of(text.split(",", -1)).map(HostPort::range).toList();
        return ranges.stream().allMatch(Optional::isPresent)
                ? ranges.stream().flatMap(Optional::stream).toList()
                : List.of();
    }

    private static DetectLocal detectLocal(KubeProxyConfiguration file, List<Cidr> clusterCidrs) {
        return switch (file.detectLocalMode()) {
            case "NodeCIDR" -> new DetectLocal.NodeCidr();
            case "BridgeInterface" ->
                new DetectLocal.BridgeInterface(
                        new InterfaceName(file.detectLocal().bridgeInterface()));
            case "InterfaceNamePrefix" ->
                new DetectLocal.InterfaceNamePrefix(
                        new InterfaceName(file.detectLocal().interfaceNamePrefix()));
            default -> new DetectLocal.ClusterCidr(clusterCidrs);
        };
    }

    /** Returns the addresses that serve node ports (NP-2, NP-3, NP-6). */
    private static NodePortSelection nodePortAddresses(KubeProxyConfiguration file, Findings findings) {
        List<String> entries = Objects.requireNonNullElse(file.nodePortAddresses(), List.<String>of());
        List<Cidr> ranges = new ArrayList<>();
        for (String entry : entries) {
            switch (entry) {
                case "primary" -> {}
                case "localhost" -> ranges.addAll(LOCALHOST);
                case "all" -> ranges.addAll(ALL);
                default -> HostPort.range(entry).ifPresent(ranges::add);
            }
        }
        boolean primary = entries.contains("primary");
        for (IpFamily family : IpFamily.values()) {
            if (!entries.isEmpty() && !primary && ranges.stream().noneMatch(range -> range.family() == family)) {
                findings.warning(
                        "nodePortAddresses",
                        "has no range of " + family + ": " + family + " node ports answer on every local address");
            }
        }
        return new NodePortSelection(primary, ranges);
    }

    private static KubeProxyConfig.Conntrack conntrack(KubeProxyConfiguration.Conntrack conntrack) {
        return new KubeProxyConfig.Conntrack(
                Objects.requireNonNull(conntrack.maxPerCore()),
                Objects.requireNonNull(conntrack.min()),
                Objects.requireNonNull(conntrack.tcpEstablishedTimeout()),
                Objects.requireNonNull(conntrack.tcpCloseWaitTimeout()),
                conntrack.tcpBeLiberal(),
                conntrack.udpTimeout(),
                conntrack.udpStreamTimeout());
    }

    /**
     * Returns the configuration as text. As in kube-proxy, the values of syncPeriod, minSyncPeriod and masqueradeAll
     * appear only in the block for the active mode, and portRange is empty.
     */
    private static KubeProxyConfig.Written written(KubeProxyConfiguration file) {
        ObjectNode tree = FieldMapping.tree(file);
        tree.put("apiVersion", KubeProxyConfiguration.API_VERSION);
        tree.put("kind", KubeProxyConfiguration.KIND);
        tree.put("portRange", "");
        for (String block : List.of("iptables", "ipvs", "nftables")) {
            if (!block.equals(file.mode())) {
                ObjectNode unused = (ObjectNode) tree.path(block);
                unused.put("syncPeriod", "0s").put("minSyncPeriod", "0s");
                if (unused.has("masqueradeAll")) {
                    unused.put("masqueradeAll", false);
                }
            }
        }
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.set("kubeproxy.config.k8s.io", tree);
        return new KubeProxyConfig.Written(ConfigText.yaml(tree), page.toString());
    }
}
