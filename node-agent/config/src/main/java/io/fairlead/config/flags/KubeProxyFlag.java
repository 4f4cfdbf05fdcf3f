package io.fairlead.config.flags;

import static io.fairlead.config.flags.FlagType.BOOL;
import static io.fairlead.config.flags.FlagType.BOOLEANS;
import static io.fairlead.config.flags.FlagType.DURATION;
import static io.fairlead.config.flags.FlagType.FLOAT32;
import static io.fairlead.config.flags.FlagType.INT32;
import static io.fairlead.config.flags.FlagType.IP;
import static io.fairlead.config.flags.FlagType.IP_PORT;
import static io.fairlead.config.flags.FlagType.LEVEL;
import static io.fairlead.config.flags.FlagType.PATTERNS;
import static io.fairlead.config.flags.FlagType.QUANTITY;
import static io.fairlead.config.flags.FlagType.STRING;
import static io.fairlead.config.flags.FlagType.STRINGS;
import static io.fairlead.config.flags.Handling.HONOURED;
import static io.fairlead.config.flags.Handling.NOTED;
import static io.fairlead.config.flags.Handling.WARNED;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The flags of kube-proxy 1.37 on Linux (FLG-1 to FLG-7). {@code --help} and {@code --version} are not among them:
 * every command has those.
 */
public enum KubeProxyFlag {
    BIND_ADDRESS(IP, "0.0.0.0", "bindAddress", HONOURED, "Overrides the node's primary address; families follow it."),
    BIND_ADDRESS_HARD_FAIL(BOOL, "", "bindAddressHardFail", HONOURED, "End if a port cannot be listened on."),
    CLEANUP(BOOL, "", "", HONOURED, "Remove the rules of both modes, kube-proxy's as well as Fairlead's, and end."),
    CLUSTER_CIDR(
            STRING, "", "clusterCIDR", HONOURED, "Range of the pods, or one for each family with a comma between."),
    CONFIG(STRING, "", "", HONOURED, "A KubeProxyConfiguration; most other flags are then ignored, as by kube-proxy."),
    CONFIG_SYNC_PERIOD(
            DURATION,
            "15m0s",
            "configSyncPeriod",
            NOTED,
            "How often kube-proxy goes through its objects again; here the kernel is compared, see --recheck-every."),
    CONNTRACK_MAX_PER_CORE(
            INT32, "32768", "conntrack.maxPerCore", HONOURED, "Tracked connections for each CPU; 0: as is."),
    CONNTRACK_MIN(INT32, "131072", "conntrack.min", HONOURED, "Tracked connections at least."),
    CONNTRACK_TCP_BE_LIBERAL(
            BOOL,
            "",
            "conntrack.tcpBeLiberal",
            HONOURED,
            "Track TCP packets outside the window; nothing is INVALID then."),
    CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT(
            DURATION, "1h0m0s", "conntrack.tcpCloseWaitTimeout", HONOURED, "Timeout in CLOSE_WAIT; 0: as is."),
    CONNTRACK_TCP_TIMEOUT_ESTABLISHED(
            DURATION, "24h0m0s", "conntrack.tcpEstablishedTimeout", HONOURED, "Timeout of idle connections; 0: as is."),
    CONNTRACK_UDP_TIMEOUT(DURATION, "", "conntrack.udpTimeout", HONOURED, "Timeout of one-way UDP flows; 0: as is."),
    CONNTRACK_UDP_TIMEOUT_STREAM(
            DURATION, "", "conntrack.udpStreamTimeout", HONOURED, "Timeout of two-way UDP flows; 0: as is."),
    DETECT_LOCAL_MODE(
            STRING,
            "",
            "detectLocalMode",
            HONOURED,
            "How this node's pods are distinguished: ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix."),
    FEATURE_GATES(
            BOOLEANS,
            "",
            "featureGates",
            HONOURED,
            "Those of kube-proxy; each that switches nothing here is warned of."),
    HEALTHZ_BIND_ADDRESS(
            IP_PORT, "0.0.0.0:10256", "healthzBindAddress", HONOURED, "Where /healthz is; \"\": the default."),
    HOSTNAME_OVERRIDE(STRING, "", "hostnameOverride", HONOURED, "This node's name; also beside --config."),
    INIT_ONLY(BOOL, "", "", HONOURED, "Only set the sysctls that need privilege, and end."),
    IPTABLES_LOCALHOST_NODEPORTS(
            BOOL, "true", "iptables.localhostNodePorts", HONOURED, "Serve node ports on 127.0.0.1, in iptables mode."),
    IPTABLES_MASQUERADE_BIT(
            INT32, "14", "iptables.masqueradeBit", HONOURED, "Bit of the mark for masquerading, 0 to 31."),
    IPTABLES_MIN_SYNC_PERIOD(
            DURATION,
            "1s",
            "iptables.minSyncPeriod",
            HONOURED,
            "Least time between two writes, in nftables mode too; here 0 unless set."),
    IPTABLES_SYNC_PERIOD(
            DURATION,
            "30s",
            "iptables.syncPeriod",
            HONOURED,
            "A failed write is tried again after this at the latest, in nftables mode too."),
    IPVS_EXCLUDE_CIDRS(STRINGS, "", "ipvs.excludeCIDRs", WARNED, "Of mode ipvs, which is refused."),
    IPVS_MIN_SYNC_PERIOD(DURATION, "1s", "ipvs.minSyncPeriod", WARNED, "Of mode ipvs, which is refused."),
    IPVS_SCHEDULER(STRING, "", "ipvs.scheduler", WARNED, "Of mode ipvs, which is refused."),
    IPVS_STRICT_ARP(BOOL, "", "ipvs.strictARP", WARNED, "Of mode ipvs, which is refused."),
    IPVS_SYNC_PERIOD(DURATION, "30s", "ipvs.syncPeriod", WARNED, "Of mode ipvs, which is refused."),
    IPVS_TCP_TIMEOUT(DURATION, "", "ipvs.tcpTimeout", WARNED, "Of mode ipvs, which is refused."),
    IPVS_TCPFIN_TIMEOUT(DURATION, "", "ipvs.tcpFinTimeout", WARNED, "Of mode ipvs, which is refused."),
    IPVS_UDP_TIMEOUT(DURATION, "", "ipvs.udpTimeout", WARNED, "Of mode ipvs, which is refused."),
    KUBE_API_BURST(
            INT32, "10", "clientConnection.burst", NOTED, "Limit of requests; a few lists and watches need none."),
    KUBE_API_CONTENT_TYPE(
            STRING,
            "application/vnd.kubernetes.protobuf",
            "clientConnection.contentType",
            NOTED,
            "Encoding of requests; here it is always JSON, which every API server speaks."),
    KUBE_API_QPS(FLOAT32, "5", "clientConnection.qps", NOTED, "Limit of requests; a few lists and watches need none."),
    KUBECONFIG(STRING, "", "clientConnection.kubeconfig", HONOURED, "Address and credentials of the API server."),
    LOG_FLUSH_FREQUENCY(
            DURATION,
            "5s",
            "logging.flushFrequency",
            HONOURED,
            "Most time between flushes of the log; here every line."),
    LOG_JSON_INFO_BUFFER_SIZE(
            QUANTITY,
            "",
            "logging.options.json.infoBufferSize",
            NOTED,
            "Buffer of the log; here no line waits in one."),
    LOG_JSON_SPLIT_STREAM(
            BOOL, "", "logging.options.json.splitStream", HONOURED, "JSON: errors to stderr, all else to stdout."),
    LOG_TEXT_INFO_BUFFER_SIZE(
            QUANTITY,
            "",
            "logging.options.text.infoBufferSize",
            NOTED,
            "Buffer of the log; here no line waits in one."),
    LOG_TEXT_SPLIT_STREAM(
            BOOL, "", "logging.options.text.splitStream", HONOURED, "Text: errors to stderr, all else to stdout."),
    LOGGING_FORMAT(STRING, "text", "logging.format", HONOURED, "text or json."),
    MASQUERADE_ALL(
            BOOL,
            "",
            "iptables.masqueradeAll",
            HONOURED,
            "Masquerade all traffic to ClusterIPs, in nftables mode too."),
    MASTER(STRING, "", "", HONOURED, "Address of the API server; wins over the kubeconfig's, also beside --config."),
    METRICS_BIND_ADDRESS(
            IP_PORT, "127.0.0.1:10249", "metricsBindAddress", HONOURED, "Where /metrics is; \"\": the default."),
    NODEPORT_ADDRESSES(
            STRINGS,
            "",
            "nodePortAddresses",
            HONOURED,
            "Addresses that serve node ports: ranges, primary, localhost, all."),
    OOM_SCORE_ADJ(INT32, "-999", "oomScoreAdj", HONOURED, "How readily the kernel kills the process, -1000 to 1000."),
    POD_BRIDGE_INTERFACE(STRING, "", "detectLocal.bridgeInterface", HONOURED, "The pods' bridge, for BridgeInterface."),
    POD_INTERFACE_NAME_PREFIX(
            STRING, "", "detectLocal.interfaceNamePrefix", HONOURED, "The pods' interfaces, for InterfaceNamePrefix."),
    PROFILING(BOOL, "", "enableProfiling", HONOURED, "Serve /debug/pprof/ and /debug/flags/v beside /metrics."),
    PROXY_MODE(STRING, "", "mode", HONOURED, "iptables (the default) or nftables; ipvs is refused."),
    SHOW_HIDDEN_METRICS_FOR_VERSION(
            STRING, "", "showHiddenMetricsForVersion", NOTED, "Metrics of the last release; none are hidden here."),
    V(LEVEL, "0", "logging.verbosity", HONOURED, "How much is logged: 4 for details, 6 for traces."),
    VMODULE(PATTERNS, "", "logging.vmodule", HONOURED, "The same for classes whose name matches; text format only."),
    WRITE_CONFIG_TO(STRING, "", "", HONOURED, "Write the configuration with its defaults to this file, and end."),

    /** Deprecated, no longer shown by kube-proxy's help (FLG-6). */
    HEALTHZ_PORT(
            INT32,
            "10256",
            "healthzBindAddress",
            WARNED,
            "Deprecated: the port of a --healthz-bind-address that has none; 0: no /healthz."),
    /** Deprecated, no longer shown by kube-proxy's help (FLG-6). */
    METRICS_PORT(
            INT32,
            "10249",
            "metricsBindAddress",
            WARNED,
            "Deprecated: the port of a --metrics-bind-address that has none; 0 is refused.");

    private static final Map<String, KubeProxyFlag> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(KubeProxyFlag::flag, Function.identity()));

    private final FlagType type;
    private final String defaultText;
    private final String field;
    private final Handling handling;
    private final String help;

    KubeProxyFlag(FlagType type, String defaultText, String field, Handling handling, String help) {
        this.type = type;
        this.defaultText = defaultText;
        this.field = field;
        this.handling = handling;
        this.help = help;
    }

    /** "bind-address": as it is written after two dashes; {@link #V} after one. */
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** "--bind-address"; "-v". */
    public String option() {
        return (this == V ? "-" : "--") + flag();
    }

    /** What its value looks like. */
    public FlagType type() {
        return type;
    }

    /** kube-proxy's default as its help shows it; "" if it shows none. */
    public String defaultText() {
        return defaultText;
    }

    /** Path of the field of the configuration that it sets; "" if it is no part of that. */
    public String field() {
        return field;
    }

    /** What becomes of it here. */
    public Handling handling() {
        return handling;
    }

    /** One sentence. */
    public String help() {
        return help;
    }

    /** Whether it counts beside {@code --config}; all others are ignored there (CFG-12). */
    public boolean countsBesideConfig() {
        return switch (this) {
            case CONFIG, HOSTNAME_OVERRIDE, MASTER, CLEANUP, INIT_ONLY, WRITE_CONFIG_TO -> true;
            default -> isLogging();
        };
    }

    /** Deprecated, and left out of help texts (FLG-6). */
    public boolean isDeprecated() {
        return this == HEALTHZ_PORT || this == METRICS_PORT;
    }

    private boolean isLogging() {
        return field.startsWith("logging.");
    }

    /** The flag of this name, without dashes in front. */
    static Optional<KubeProxyFlag> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Those that set this field, in the order of this table. */
    public static List<KubeProxyFlag> ofField(String path) {
        return Arrays.stream(values()).filter(flag -> flag.field.equals(path)).toList();
    }
}
