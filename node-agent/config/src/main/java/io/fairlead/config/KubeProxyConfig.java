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
 * A KubeProxyConfiguration, defaulted and valid, in the agent's types (CFG-1 to CFG-9).
 *
 * @param mode what the file says, or iptables (CFG-6)
 * @param hostnameOverride "" if there is none
 * @param bindAddress 0.0.0.0 or :: for none in particular
 * @param healthzBindAddress null if health is not to be served
 * @param clusterCidrs at most one a family
 * @param nodePortAddresses everywhere if nothing is listed; see {@link #settings}
 * @param written the same as kube-proxy writes it
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
     * How to reach the API server.
     *
     * @param kubeconfig "" for the cluster's own (CFG-14)
     * @param qps requests a second, over all
     */
    public record ClientConnection(
            String kubeconfig, String acceptContentTypes, String contentType, double qps, int burst) {

        /** Settings that are accepted and change nothing, each with the reason, for the log. */
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
                            + " is accepted; requests and answers are application/json all the same"));
            notes.add("clientConnection.qps " + qps + " and burst " + burst
                    + " are accepted; a few lists and watches need no limit");
            return notes;
        }
    }

    /**
     * What is logged.
     *
     * @param json whether lines are JSON
     * @param verbosity 0 and up
     * @param vmodule verbosity of some classes, in the order given; the first that fits counts
     * @param splitStream errors to standard error, everything else to standard output; all to standard error otherwise
     */
    public record Logging(boolean json, int verbosity, List<Vmodule> vmodule, boolean splitStream) {
        /**
         * Verbosity of classes whose simple name fits.
         *
         * @param filePattern with * and ? as in file names
         */
        public record Vmodule(String filePattern, int verbosity) {}

        /** Copies the list. */
        public Logging {
            vmodule = List.copyOf(vmodule);
        }
    }

    /**
     * One block, {@code iptables} or {@code nftables}; only the active mode's counts (CFG-5).
     *
     * @param masqueradeBit 0 to 31 in the active mode
     * @param syncPeriod after a failure the next try comes no later than this
     * @param minSyncPeriod zero, which is no wait between two runs, unless it is set: kube-proxy's default of a second
     *     is for a proxy that takes as long to write
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

    /**
     * All fields with their defaults.
     *
     * @param yaml what {@code --write-config-to} writes (CFG-11)
     * @param json what {@code /configz} shows: the fields under the name of their API group (HTTP-10)
     */
    public record Written(String yaml, String json) {}

    /** Copies the list. */
    public KubeProxyConfig {
        clusterCidrs = List.copyOf(clusterCidrs);
    }

    /** What an empty file means. */
    public static KubeProxyConfig defaults() {
        return ConfigReader.readDefaults();
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
        return (hostnameOverride.isBlank() ? osHostName : hostnameOverride)
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
