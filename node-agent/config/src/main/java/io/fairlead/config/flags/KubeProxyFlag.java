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
 * The flags of kube-proxy 1.37 on Linux (FLG-1 to FLG-7), except {@code --help} and {@code --version}, which every
 * command of Fairlead has.
 */
public enum KubeProxyFlag {
    BIND_ADDRESS(
            IP,
            "0.0.0.0",
            "bindAddress",
            HONOURED,
            "The node's primary address; its family becomes the primary family. 0.0.0.0 or :: means the first address"
                    + " of the Node."),
    BIND_ADDRESS_HARD_FAIL(
            BOOL,
            "",
            "bindAddressHardFail",
            HONOURED,
            "Exit if the port of /healthz or /metrics cannot be opened. Default: false, which means: log an error and try again."),
    CLEANUP(BOOL, "", "", HONOURED, "Remove the rules of Fairlead and of kube-proxy, in both modes, and exit."),
    CLUSTER_CIDR(
            STRING,
            "",
            "clusterCIDR",
            HONOURED,
            "Address range of the pods, or one range for each family, separated by a comma."),
    CONFIG(
            STRING,
            "",
            "",
            HONOURED,
            "File with a KubeProxyConfiguration; most other flags of kube-proxy are then ignored."),
    CONFIG_SYNC_PERIOD(
            DURATION,
            "15m0s",
            "configSyncPeriod",
            NOTED,
            "Ignored: the agent watches objects, and reads the kernel's rules at the interval --recheck-every."),
    CONNTRACK_MAX_PER_CORE(
            INT32,
            "32768",
            "conntrack.maxPerCore",
            HONOURED,
            "Limit of tracked connections per CPU; 0 leaves the kernel's limit unchanged."),
    CONNTRACK_MIN(
            INT32,
            "131072",
            "conntrack.min",
            HONOURED,
            "Lower bound for the limit that --conntrack-max-per-core sets."),
    CONNTRACK_TCP_BE_LIBERAL(
            BOOL,
            "",
            "conntrack.tcpBeLiberal",
            HONOURED,
            "Let conntrack accept TCP packets outside the window; INVALID packets are then not dropped."),
    CONNTRACK_TCP_TIMEOUT_CLOSE_WAIT(
            DURATION,
            "1h0m0s",
            "conntrack.tcpCloseWaitTimeout",
            HONOURED,
            "Conntrack timeout of TCP connections in CLOSE_WAIT; 0 leaves it unchanged."),
    CONNTRACK_TCP_TIMEOUT_ESTABLISHED(
            DURATION,
            "24h0m0s",
            "conntrack.tcpEstablishedTimeout",
            HONOURED,
            "Conntrack timeout of idle TCP connections; 0 leaves it unchanged."),
    CONNTRACK_UDP_TIMEOUT(
            DURATION,
            "",
            "conntrack.udpTimeout",
            HONOURED,
            "Conntrack timeout of one-way UDP flows; 0 leaves it unchanged. Default: 0."),
    CONNTRACK_UDP_TIMEOUT_STREAM(
            DURATION,
            "",
            "conntrack.udpStreamTimeout",
            HONOURED,
            "Conntrack timeout of two-way UDP flows; 0 leaves it unchanged. Default: 0."),
    DETECT_LOCAL_MODE(
            STRING,
            "",
            "detectLocalMode",
            HONOURED,
            "How packets from this node's pods are recognized: ClusterCIDR, NodeCIDR, BridgeInterface or"
                    + " InterfaceNamePrefix. Default: ClusterCIDR. Without --cluster-cidr it recognizes no pod: pods are then"
                    + " treated like clients outside the cluster, and packets to ClusterIPs are not masqueraded."),
    FEATURE_GATES(
            BOOLEANS,
            "",
            "featureGates",
            HONOURED,
            "kube-proxy's feature gates. A warning names each gate that has no effect in Fairlead."),
    HEALTHZ_BIND_ADDRESS(
            IP_PORT,
            "0.0.0.0:10256",
            "healthzBindAddress",
            HONOURED,
            "Address of /healthz. An empty value means the default."),
    HOSTNAME_OVERRIDE(STRING, "", "hostnameOverride", HONOURED, "Name of this node; also used with --config."),
    INIT_ONLY(BOOL, "", "", HONOURED, "Set the sysctls that need privilege, and exit."),
    IPTABLES_LOCALHOST_NODEPORTS(
            BOOL, "true", "iptables.localhostNodePorts", HONOURED, "Serve node ports on 127.0.0.1 in iptables mode."),
    IPTABLES_MASQUERADE_BIT(
            INT32, "14", "iptables.masqueradeBit", HONOURED, "Bit of the packet mark that means masquerade, 0 to 31."),
    IPTABLES_MIN_SYNC_PERIOD(
            DURATION,
            "1s",
            "iptables.minSyncPeriod",
            HONOURED,
            "Shortest time between two syncs, also in nftables mode. Default: 0 (kube-proxy: 1s)."),
    IPTABLES_SYNC_PERIOD(
            DURATION,
            "30s",
            "iptables.syncPeriod",
            HONOURED,
            "Longest wait before a failed sync is retried, also in nftables mode."),
    IPVS_EXCLUDE_CIDRS(STRINGS, "", "ipvs.excludeCIDRs", WARNED, "Ignored: only for ipvs mode."),
    IPVS_MIN_SYNC_PERIOD(DURATION, "1s", "ipvs.minSyncPeriod", WARNED, "Ignored: only for ipvs mode."),
    IPVS_SCHEDULER(STRING, "", "ipvs.scheduler", WARNED, "Ignored: only for ipvs mode."),
    IPVS_STRICT_ARP(BOOL, "", "ipvs.strictARP", WARNED, "Ignored: only for ipvs mode."),
    IPVS_SYNC_PERIOD(DURATION, "30s", "ipvs.syncPeriod", WARNED, "Ignored: only for ipvs mode."),
    IPVS_TCP_TIMEOUT(DURATION, "", "ipvs.tcpTimeout", WARNED, "Ignored: only for ipvs mode."),
    IPVS_TCPFIN_TIMEOUT(DURATION, "", "ipvs.tcpFinTimeout", WARNED, "Ignored: only for ipvs mode."),
    IPVS_UDP_TIMEOUT(DURATION, "", "ipvs.udpTimeout", WARNED, "Ignored: only for ipvs mode."),
    KUBE_API_BURST(
            INT32, "10", "clientConnection.burst", NOTED, "Ignored: the agent sends few requests and needs no limit."),
    KUBE_API_CONTENT_TYPE(
            STRING,
            "application/vnd.kubernetes.protobuf",
            "clientConnection.contentType",
            NOTED,
            "Ignored: requests are always JSON, which every API server accepts."),
    KUBE_API_QPS(
            FLOAT32, "5", "clientConnection.qps", NOTED, "Ignored: the agent sends few requests and needs no limit."),
    KUBECONFIG(
            STRING,
            "",
            "clientConnection.kubeconfig",
            HONOURED,
            "File with the address and the credentials of the API server; ignored with --config, whose file names its own."),
    LOG_FLUSH_FREQUENCY(
            DURATION, "5s", "logging.flushFrequency", NOTED, "Ignored: every log line is written immediately."),
    LOG_JSON_INFO_BUFFER_SIZE(
            QUANTITY, "", "logging.options.json.infoBufferSize", NOTED, "Ignored: log lines are not buffered."),
    LOG_JSON_SPLIT_STREAM(
            BOOL,
            "",
            "logging.options.json.splitStream",
            HONOURED,
            "With JSON logs: errors to stderr, other lines to stdout."),
    LOG_TEXT_INFO_BUFFER_SIZE(
            QUANTITY, "", "logging.options.text.infoBufferSize", NOTED, "Ignored: log lines are not buffered."),
    LOG_TEXT_SPLIT_STREAM(
            BOOL,
            "",
            "logging.options.text.splitStream",
            HONOURED,
            "With text logs: errors to stderr, other lines to stdout."),
    LOGGING_FORMAT(STRING, "text", "logging.format", HONOURED, "Format of the log: text or json."),
    MASQUERADE_ALL(
            BOOL,
            "",
            "iptables.masqueradeAll",
            HONOURED,
            "Masquerade all traffic to ClusterIPs, also in nftables mode."),
    MASTER(
            STRING,
            "",
            "",
            HONOURED,
            "Address of the API server; overrides the address in the kubeconfig, also with --config."),
    METRICS_BIND_ADDRESS(
            IP_PORT,
            "127.0.0.1:10249",
            "metricsBindAddress",
            HONOURED,
            "Address of /metrics. An empty value means the default."),
    NODEPORT_ADDRESSES(
            STRINGS,
            "",
            "nodePortAddresses",
            HONOURED,
            "Addresses that serve node ports: CIDR ranges, and the words primary, localhost and all. Default: all in iptables mode, primary in nftables mode."),
    OOM_SCORE_ADJ(INT32, "-999", "oomScoreAdj", HONOURED, "OOM score adjustment of the process, -1000 to 1000."),
    POD_BRIDGE_INTERFACE(
            STRING,
            "",
            "detectLocal.bridgeInterface",
            HONOURED,
            "Name of the pods' bridge, for --detect-local-mode BridgeInterface."),
    POD_INTERFACE_NAME_PREFIX(
            STRING,
            "",
            "detectLocal.interfaceNamePrefix",
            HONOURED,
            "Name prefix of the pods' interfaces, for --detect-local-mode InterfaceNamePrefix."),
    PROFILING(
            BOOL,
            "",
            "enableProfiling",
            HONOURED,
            "Serve /debug/pprof/ and /debug/flags/v on the address of /metrics."),
    PROXY_MODE(STRING, "", "mode", HONOURED, "iptables (the default) or nftables; ipvs is refused."),
    SHOW_HIDDEN_METRICS_FOR_VERSION(
            STRING, "", "showHiddenMetricsForVersion", NOTED, "Ignored: Fairlead hides no metrics."),
    V(LEVEL, "0", "logging.verbosity", HONOURED, "Verbosity of the log: 4 for details, 6 for traces."),
    VMODULE(
            PATTERNS,
            "",
            "logging.vmodule",
            HONOURED,
            "Verbosity of the Java classes whose name matches the pattern (in kube-proxy, of its source files); only with --logging-format=text."),
    WRITE_CONFIG_TO(
            STRING,
            "",
            "",
            HONOURED,
            "Write the configuration (of --config, or of the flags), completed with all defaults, to this file, and exit."),

    /** A deprecated flag that kube-proxy's help does not show (FLG-6). */
    HEALTHZ_PORT(
            INT32,
            "10256",
            "healthzBindAddress",
            WARNED,
            "Deprecated: port of --healthz-bind-address if it has none; 0 switches /healthz off."),
    /** A deprecated flag that kube-proxy's help does not show (FLG-6). */
    METRICS_PORT(
            INT32,
            "10249",
            "metricsBindAddress",
            WARNED,
            "Deprecated: port of --metrics-bind-address if it has none; 0 is refused.");

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

    /** Returns the name without leading dashes: "bind-address". */
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the name with its leading dashes: "--bind-address", "-v". */
    public String option() {
        return (this == V ? "-" : "--") + flag();
    }

    /** Returns the type of the flag's value. */
    public FlagType type() {
        return type;
    }

    /** Returns kube-proxy's default as kube-proxy's help shows it; "" if the help shows no default. */
    public String defaultText() {
        return defaultText;
    }

    /** Returns the path of the configuration field that the flag sets; "" if the flag sets no field. */
    public String field() {
        return field;
    }

    /** Returns how Fairlead handles the flag. */
    public Handling handling() {
        return handling;
    }

    /** Returns the help text. */
    public String help() {
        return help;
    }

    /**
     * Returns whether the flag has an effect together with {@code --config}. All other flags are then ignored (CFG-12).
     */
    public boolean countsBesideConfig() {
        return switch (this) {
            case CONFIG, HOSTNAME_OVERRIDE, MASTER, CLEANUP, INIT_ONLY, WRITE_CONFIG_TO -> true;
            default -> isLogging();
        };
    }

    /** Returns whether the flag is deprecated. Help texts do not show deprecated flags (FLG-6). */
    public boolean isDeprecated() {
        return this == HEALTHZ_PORT || this == METRICS_PORT;
    }

    private boolean isLogging() {
        return field.startsWith("logging.");
    }

    /**
     * Returns the flag with this name; empty if there is no such flag.
     *
     * @param name the name without leading dashes
     */
    static Optional<KubeProxyFlag> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Returns the flags that set this configuration field, in the order of their declaration. */
    public static List<KubeProxyFlag> ofField(String path) {
        return Arrays.stream(values()).filter(flag -> flag.field.equals(path)).toList();
    }
}
