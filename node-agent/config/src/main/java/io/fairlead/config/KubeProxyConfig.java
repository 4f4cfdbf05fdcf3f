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
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A KubeProxyConfiguration, defaulted and valid (CFG-1 to CFG-9).
 *
 * @param mode what the file says, or iptables (CFG-6)
 * @param hostnameOverride "" if there is none
 * @param bindAddress 0.0.0.0 or :: for none in particular
 * @param healthzBindAddress null if health is not to be served
 * @param metricsBindAddress null if metrics are not to be served
 * @param clusterCidrs at most one a family
 * @param nodePortAddresses {@code All} also if the file says nothing; see {@link #settings}
 * @param nodePortAddressesSet whether the file has a list that is not empty
 * @param showHiddenMetricsForVersion "" for none
 * @param others what is read and has no effect
 */
public record KubeProxyConfig(
        ProxyMode mode,
        Map<String, Boolean> featureGates,
        ClientConnection clientConnection,
        Logging logging,
        String hostnameOverride,
        Ip bindAddress,
        @Nullable IpPort healthzBindAddress,
        @Nullable IpPort metricsBindAddress,
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
        Duration configSyncPeriod,
        Others others) {

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
     * @param format "text" or "json"
     * @param flushFrequency the longest a line may wait to be written
     * @param verbosity 0 and up
     * @param vmodule verbosity of some classes, in the order given; the first that fits counts
     */
    public record Logging(
            String format, Duration flushFrequency, int verbosity, List<Vmodule> vmodule, Stream json, Stream text) {

        /**
         * Verbosity of classes whose simple name fits.
         *
         * @param filePattern with * and ? as in file names
         */
        public record Vmodule(String filePattern, int verbosity) {}

        /**
         * Where lines go, for one format.
         *
         * @param split errors to standard error, everything else to standard output; all to standard error otherwise
         * @param infoBufferSize a quantity of bytes, "0" for none
         */
        public record Stream(boolean split, String infoBufferSize) {}

        /** Copies the list. */
        public Logging {
            vmodule = List.copyOf(vmodule);
        }

        /** The one of the format in use. */
        public Stream stream() {
            return format.equals("json") ? json : text;
        }
    }

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

    /**
     * Fields of other systems and other modes, as they were given: they are written back, and warned of.
     *
     * @param ipvs values of type String, Boolean or List
     * @param winkernel values of type String or Boolean
     */
    public record Others(SortedMap<String, Object> ipvs, SortedMap<String, Object> winkernel, String portRange) {
        /** Copies the maps. */
        public Others {
            ipvs = new TreeMap<>(ipvs);
            winkernel = new TreeMap<>(winkernel);
        }
    }

    /** Copies the collections. */
    public KubeProxyConfig {
        featureGates = Map.copyOf(featureGates);
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
                        ? NodeSettings.NodePortSelection.primary()
                        : nodePortAddresses,
                rules.masqueradeBit(),
                rules.masqueradeAll(),
                localhostNodePorts,
                conntrack.tcpBeLiberal(),
                featureGates.getOrDefault("AllowServiceExternalIPs", true));
    }

    private static boolean isUnspecified(Ip ip) {
        return ip.equals(ip.masked(0));
    }
}
