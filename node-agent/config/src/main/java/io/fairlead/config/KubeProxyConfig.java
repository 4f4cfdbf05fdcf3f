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
 * A valid KubeProxyConfiguration with all defaults, in the agent's types (CFG-1 to CFG-9).
 *
 * @param mode the file's mode, or iptables (CFG-6)
 * @param hostnameOverride "" if there is none
 * @param bindAddress 0.0.0.0 or :: if there is no specific one
 * @param healthzBindAddress null if health is not served
 * @param clusterCidrs at most one per family
 * @param nodePortAddresses everywhere if nothing is listed; see {@link #settings}
 * @param written the configuration as kube-proxy writes it
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
     * Connection to the API server.
     *
     * @param kubeconfig "" for the pod's own account (CFG-14)
     * @param qps requests per second, all together
     */
    public record ClientConnection(
            String kubeconfig, String acceptContentTypes, String contentType, double qps, int burst) {

        /** Settings that are accepted and have no effect, each with the reason, for the log. */
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
     * Settings of the log.
     *
     * @param json whether lines are JSON
     * @param verbosity 0 or more
     * @param vmodule verbosity of single classes. The first match counts
     * @param splitStream whether only errors go to standard error and other lines to standard output. Otherwise all
     *     lines go to standard error
     */
    public record Logging(boolean json, int verbosity, List<Vmodule> vmodule, boolean splitStream) {
        /**
         * The verbosity of classes whose simple name matches.
         *
         * @param filePattern pattern with * and ?, as in file names
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
     * @param syncPeriod longest wait before a retry after a failure
     * @param minSyncPeriod shortest time between two syncs; zero unless it is set. kube-proxy's default of one
     *     second is made for a proxy whose syncs take that long
     */
    public record Rules(int masqueradeBit, boolean masqueradeAll, Duration syncPeriod, Duration minSyncPeriod) {}

    /**
     * Sysctls of connection tracking (CT-11 to CT-13). A value of zero leaves the sysctl unchanged.
     *
     * @param maxPerCore entries per CPU. If it is 0, {@code min} is ignored too
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
     * All fields with their defaults.
     *
     * @param yaml the text that {@code --write-config-to} writes (CFG-11)
     * @param json the text that {@code /configz} shows, with the fields under the name of their API group (HTTP-10)
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

    /** Returns the block of this mode (CFG-5). */
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
     * Returns the settings that rules depend on. In nftables mode without a list, node ports are served on primary
     * addresses (NP-7).
     */
    public NodeSettings settings(ProxyMode active, String nodeName, List<Ip> localAddresses) {
        Rules rules = rules(active);
        return new NodeSettings(
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
                conntrack.tcpBeLiberal(),
                featureGates.isOn(FeatureGates.EXTERNAL_IPS));
    }

    private static boolean isUnspecified(Ip ip) {
        return ip.equals(ip.masked(0));
    }
}
