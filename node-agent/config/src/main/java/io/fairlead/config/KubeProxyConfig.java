package io.fairlead.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A valid KubeProxyConfiguration with all defaults, converted to the types that the agent uses (CFG-1 to CFG-9).
 *
 * @param mode the mode; iptables if the configuration does not set it (CFG-6)
 * @param hostnameOverride the name of this node; "" to use the operating system's host name
 * @param bindAddress the node's primary address; 0.0.0.0 or :: if the configuration sets no specific address
 * @param healthzBindAddress the address of /healthz; null if /healthz is not served
 * @param clusterCidrs the ranges of the pods, at most one for each IP family
 * @param nodePortAddresses the addresses that serve node ports; all local addresses if the list is empty, but see
 *     {@link #settings}
 * @param written the configuration as text, as kube-proxy writes it
 */
public record KubeProxyConfig(
        ProxyMode mode,
        FeatureGates featureGates,
        ClientConnection clientConnection,
        Logging logging,
        String hostnameOverride,
        Ip bindAddress,
        @Nullable IpPort healthzBindAddress,
        IpPort metricsBindAddress,
        boolean bindAddressHardFail,
        boolean enableProfiling,
        Rules iptables,
        Rules nftables,
        boolean localhostNodePorts,
        NodeSettings.DetectLocal detectLocal,
        List<Cidr> clusterCidrs,
        NodeSettings.NodePortSelection nodePortAddresses,
        int oomScoreAdj,
        Conntrack conntrack,
        Written written) {

    /**
     * The settings of the connection to the API server.
     *
     * @param kubeconfig the path of the kubeconfig; "" to use the service account of the pod (CFG-14)
     * @param qps the largest number of requests per second
     */
    public record ClientConnection(
            String kubeconfig, String acceptContentTypes, String contentType, double qps, int burst) {

        /** Returns messages about settings that are accepted but have no effect, with the reasons, for the log. */
        public List<String> notes() {
            List<String> notes = new ArrayList<>();
            Map<String, String> types = Map.of(
                    "clientConnection.contentType", contentType,
                    "clientConnection.acceptContentTypes", acceptContentTypes);
            types.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .filter(type ->
                            !type.getValue().isEmpty() && !type.getValue().equals("application/json"))
                    .forEach(type -> notes.add(type.getKey() + " " + type.getValue()
                            + " has no effect: requests and answers are always application/json"));
            notes.add("clientConnection.qps " + qps + " and burst " + burst
                    + " have no effect: the agent's few lists and watches need no limit");
            return notes;
        }
    }

    /**
     * The settings of the log.
     *
     * @param json whether log lines are written as JSON; otherwise as text
     * @param verbosity the verbosity, 0 or more
     * @param vmodule the verbosity of single classes. The first entry that matches a class is used
     * @param splitStream if true, errors are written to standard error and all other lines to standard output;
     *     otherwise all lines are written to standard error
     */
    public record Logging(boolean json, int verbosity, List<Vmodule> vmodule, boolean splitStream) {
        /**
         * The verbosity of the classes whose simple names match a pattern.
         *
         * @param filePattern a pattern with * and ?, as for file names
         */
        public record Vmodule(String filePattern, int verbosity) {}

        /** Copies the list. */
        public Logging {
            vmodule = List.copyOf(vmodule);
        }
    }

    /**
     * The block {@code iptables} or {@code nftables}. Only the active mode's block is used (CFG-5).
     *
     * @param masqueradeBit 0 to 31 in the active mode
     * @param syncPeriod the longest wait before a failed sync is tried again
     * @param minSyncPeriod the shortest time between two syncs; zero if the configuration does not set it. kube-proxy's
     *     default of one second is not used, because it is intended for a proxy whose syncs take about a second
     */
    public record Rules(int masqueradeBit, boolean masqueradeAll, Duration syncPeriod, Duration minSyncPeriod) {}

    /**
     * The sysctls of connection tracking (CT-11 to CT-13). A value of zero leaves the sysctl unchanged.
     *
     * @param maxPerCore the number of connections for each CPU. If it is 0, {@code min} is ignored too
     * @param min the lowest limit of the number of connections
     */
    public record Conntrack(
            int maxPerCore,
            int min,
            Duration tcpEstablishedTimeout,
            Duration tcpCloseWaitTimeout,
            boolean tcpBeLiberal,
            Duration udpTimeout,
            Duration udpStreamTimeout) {}

    /**
     * All fields of the configuration, with their defaults, as text.
     *
     * @param yaml the text that {@code --write-config-to} writes (CFG-11)
     * @param json the text that {@code /configz} shows: an object whose only key is the name of the API group and whose
     *     value has the fields (HTTP-10)
     */
    public record Written(String yaml, String json) {}

    /** Copies the list. */
    public KubeProxyConfig {
        clusterCidrs = List.copyOf(clusterCidrs);
    }

    /** Returns the configuration of an empty file. */
    public static KubeProxyConfig defaults() {
        return ConfigReader.readDefaults();
    }

    /** Returns the settings of the block for this mode (CFG-5). */
    public Rules rules(ProxyMode active) {
        return switch (active) {
            case IPTABLES -> iptables;
            case NFTABLES -> nftables;
        };
    }

    /**
     * Returns the name of this node (CFG-13).
     *
     * @param osHostName the operating system's host name
     */
    public String nodeName(String osHostName) {
        return (hostnameOverride.isBlank() ? osHostName : hostnameOverride)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the settings that rules depend on. In nftables mode, if the list of nodePortAddresses is empty, node
     * ports are served on the primary addresses of the node (NP-7).
     */
    public NodeSettings settings(ProxyMode active, String nodeName, List<Ip> localAddresses) {
        Rules rules = rules(active);
        NodeSettings settings = new NodeSettings(
                active,
                nodeName,
                isUnspecified(bindAddress) ? List.of() : List.of(bindAddress),
                localAddresses,
                detectLocal,
                active == ProxyMode.NFTABLES && nodePortAddresses.equals(NodeSettings.NodePortSelection.everywhere())
                        ? NodeSettings.NodePortSelection.primary()
                        : nodePortAddresses,
                rules.masqueradeBit(),
                rules.masqueradeAll(),
                localhostNodePorts,
                conntrack.tcpBeLiberal());
        return featureGates.isOn(FeatureGates.EXTERNAL_IPS) ? settings : settings.withoutExternalIps();
    }

    private static boolean isUnspecified(Ip ip) {
        return ip.equals(ip.masked(0));
    }
}
