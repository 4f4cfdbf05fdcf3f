package io.fairlead.agent.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A KubeProxyConfiguration, defaulted and valid (CFG-1 to CFG-9).
 *
 * @param mode what the file says, or iptables (CFG-6)
 * @param hostnameOverride "" if there is none
 * @param bindAddress 0.0.0.0 or :: for none in particular
 * @param clusterCidrs at most one a family
 * @param nodePortAddresses {@code All} also if the file says nothing; see {@link #settings}
 * @param nodePortAddressesSet whether the file has a list that is not empty
 * @param showHiddenMetricsForVersion "" for none
 */
public record KubeProxyConfig(
        ProxyMode mode,
        Map<String, Boolean> featureGates,
        ClientConnection clientConnection,
        Logging logging,
        String hostnameOverride,
        Ip bindAddress,
        IpPort healthzBindAddress,
        IpPort metricsBindAddress,
        boolean bindAddressHardFail,
        boolean enableProfiling,
        String showHiddenMetricsForVersion,
        Rules iptables,
        Rules nftables,
        boolean localhostNodePorts,
        NodeSettings.DetectLocal detectLocal,
        List<Cidr> clusterCidrs,
        NodeSettings.NodePortSelection nodePortAddresses,
        boolean nodePortAddressesSet,
        int oomScoreAdj,
        Conntrack conntrack,
        Duration configSyncPeriod) {

    /**
     * How to reach the API server.
     *
     * @param kubeconfig "" for the cluster's own (CFG-14)
     * @param qps requests a second, over all
     */
    public record ClientConnection(
            String kubeconfig, String acceptContentTypes, String contentType, double qps, int burst) {

        /** The same with another kubeconfig. */
        public ClientConnection withKubeconfig(String file) {
            return new ClientConnection(file, acceptContentTypes, contentType, qps, burst);
        }
    }

    /**
     * What is logged.
     *
     * @param verbosity 0 and up
     */
    public record Logging(String format, Duration flushFrequency, int verbosity) {}

    /**
     * One block, {@code iptables} or {@code nftables}; only the active mode's counts (CFG-5).
     *
     * @param masqueradeBit 0 to 31
     * @param syncPeriod after a failure the next try comes no later than this
     * @param minSyncPeriod zero: no wait between two runs
     */
    public record Rules(int masqueradeBit, boolean masqueradeAll, Duration syncPeriod, Duration minSyncPeriod) {}

    /**
     * Sysctls of connection tracking (CT-11 to CT-13); zero leaves one alone.
     *
     * @param maxPerCore entries for each CPU; 0 also makes {@code min} count for nothing
     */
    public record Conntrack(
            int maxPerCore,
            int min,
            Duration tcpEstablishedTimeout,
            Duration tcpCloseWaitTimeout,
            boolean tcpBeLiberal,
            Duration udpTimeout,
            Duration udpStreamTimeout) {}

    /** Copies the collections. */
    public KubeProxyConfig {
        featureGates = Map.copyOf(featureGates);
        clusterCidrs = List.copyOf(clusterCidrs);
    }

    /** What an empty file means. */
    public static KubeProxyConfig defaults() {
        return ConfigReader.readDefaults();
    }

    /** The same with another way to the API server. */
    public KubeProxyConfig with(ClientConnection other) {
        return new KubeProxyConfig(
                mode,
                featureGates,
                other,
                logging,
                hostnameOverride,
                bindAddress,
                healthzBindAddress,
                metricsBindAddress,
                bindAddressHardFail,
                enableProfiling,
                showHiddenMetricsForVersion,
                iptables,
                nftables,
                localhostNodePorts,
                detectLocal,
                clusterCidrs,
                nodePortAddresses,
                nodePortAddressesSet,
                oomScoreAdj,
                conntrack,
                configSyncPeriod);
    }

    /** The block of this mode (CFG-5). */
    public Rules rules(ProxyMode active) {
        return switch (active) {
            case IPTABLES -> iptables;
            case NFTABLES -> nftables;
        };
    }

    /**
     * The name of this node (CFG-13).
     *
     * @param osHostName what the operating system says
     */
    public String nodeName(String osHostName) {
        return (hostnameOverride.isEmpty() ? osHostName : hostnameOverride)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** What rules depend on. An nftables node without a list serves node ports on its primary addresses (NP-7). */
    public NodeSettings settings(ProxyMode active, String nodeName, List<Ip> localAddresses) {
        Rules rules = rules(active);
        return new NodeSettings(
                active,
                nodeName,
                isUnspecified(bindAddress) ? List.of() : List.of(bindAddress),
                localAddresses,
                detectLocal,
                active == ProxyMode.NFTABLES && !nodePortAddressesSet
                        ? new NodeSettings.NodePortSelection.Primary()
                        : nodePortAddresses,
                rules.masqueradeBit(),
                rules.masqueradeAll(),
                localhostNodePorts,
                conntrack.tcpBeLiberal());
    }

    private static boolean isUnspecified(Ip ip) {
        return ip.equals(ip.masked(0));
    }
}
