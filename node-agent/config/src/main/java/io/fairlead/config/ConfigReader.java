package io.fairlead.config;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a configuration file. Unknown and duplicate fields are warned of, as kube-proxy does for v1alpha1 (CFG-8). */
public final class ConfigReader {
    private static final String API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";
    private static final String KIND = "KubeProxyConfiguration";
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(30);
    private static final int HEALTHZ_PORT = 10_256;
    private static final int METRICS_PORT = 10_249;
    private static final Pattern MINOR_VERSION = Pattern.compile("1\\.\\d{1,3}");

    private final Fields top;
    private final @Nullable ProxyMode chosen;
    private final Collection<String> switchedOff;

    /**
     * A configuration that can be used.
     *
     * @param warnings of what was ignored or is likely a mistake
     * @param ineffective of what was set and does not do here what it does in kube-proxy, or nothing; for the agent's start
     * @param advice what an operator may want to know when the agent starts
     */
    public record Result(KubeProxyConfig config, List<String> warnings, List<String> ineffective, List<String> advice) {
        /** Copies the lists. */
        public Result {
            warnings = List.copyOf(warnings);
            ineffective = List.copyOf(ineffective);
            advice = List.copyOf(advice);
        }
    }

    private ConfigReader(Fields top, @Nullable ProxyMode chosen, Collection<String> switchedOff) {
        this.top = top;
        this.chosen = chosen;
        this.switchedOff = List.copyOf(switchedOff);
    }

    /**
     * Reads, defaults and validates.
     *
     * @param source the file's name, for messages
     * @param text YAML or JSON
     * @param chosen a mode that was chosen elsewhere and replaces the file's; null if the file's counts
     * @throws ConfigException if it cannot be used
     */
    public static Result read(String source, String text, @Nullable ProxyMode chosen) {
        return read(source, text, chosen, Map.of(), List.of());
    }

    /**
     * The same with some fields given elsewhere, and the file's mode.
     *
     * @param over fields that replace the file's, by name; values as in a file, sections as maps
     * @param switchedOff {@code healthzBindAddress} and {@code metricsBindAddress}, which a file cannot switch off (CFG-7)
     * @throws ConfigException if it cannot be used
     */
    public static Result read(String source, String text, Map<String, Object> over, Collection<String> switchedOff) {
        return read(source, text, null, over, switchedOff);
    }

    private static Result read(
            String source,
            String text,
            @Nullable ProxyMode chosen,
            Map<String, Object> over,
            Collection<String> switchedOff) {
        List<String> warnings = new ArrayList<>();
        Map<?, ?> tree = load(source, text, warnings);
        requireKind(source, tree);
        return of(source, merged(tree, over), chosen, switchedOff, warnings);
    }

    /**
     * A configuration without a file.
     *
     * @param tree fields by name; values as in a file, sections as maps
     * @param switchedOff {@code healthzBindAddress} and {@code metricsBindAddress}, which a file cannot switch off (CFG-7)
     * @throws ConfigException if it cannot be used
     */
    public static Result ofFlags(Map<String, Object> tree, Collection<String> switchedOff) {
        return of("(flags)", tree, null, switchedOff, new ArrayList<>());
    }

    private static Result of(
            String source,
            Map<?, ?> tree,
            @Nullable ProxyMode chosen,
            Collection<String> switchedOff,
            List<String> warnings) {
        List<String> problems = new ArrayList<>();
        Fields top = new Fields("", tree, new Fields.Findings(problems, warnings));
        top.known("apiVersion", "kind");
        ConfigReader reader = new ConfigReader(top, chosen, switchedOff);
        KubeProxyConfig config = reader.config();
        top.warnOfUnknown();
        if (!problems.isEmpty()) {
            throw new ConfigException(source, problems);
        }
        return new Result(
                config, warnings, Ineffective.of(config), advice(config, chosen == null ? config.mode() : chosen));
    }

    private static void requireKind(String source, Map<?, ?> tree) {
        String version = Objects.toString(tree.get("apiVersion"), "");
        String kind = Objects.toString(tree.get("kind"), "");
        if (!version.equals(API_VERSION) || !kind.equals(KIND)) {
            throw new ConfigException(
                    source,
                    List.of("is " + (kind.isEmpty() ? "without kind" : kind) + " of "
                            + (version.isEmpty() ? "no apiVersion" : version) + "; " + KIND + " of " + API_VERSION
                            + " is needed"));
        }
    }

    private static Map<?, ?> merged(Map<?, ?> tree, Map<?, ?> over) {
        Map<Object, @Nullable Object> merged = new LinkedHashMap<>(tree);
        over.forEach((name, value) -> merged.put(
                name,
                value instanceof Map<?, ?> section && merged.get(name) instanceof Map<?, ?> below
                        ? merged(below, section)
                        : value));
        return merged;
    }

    static KubeProxyConfig readDefaults() {
        return ofFlags(Map.of(), List.of()).config();
    }

    private static Map<?, ?> load(String source, String text, List<String> warnings) {
        try {
            Object tree;
            try {
                tree = new Load(LoadSettings.builder().build()).loadFromString(text);
            } catch (DuplicateKeyException e) {
                String what = String.valueOf(e.getProblem()).strip();
                warnings.add(what + " (the last one counts)");
                tree = new Load(LoadSettings.builder()
                                .setAllowDuplicateKeys(true)
                                .build())
                        .loadFromString(text);
            }
            if (tree instanceof Map<?, ?> map) {
                return map;
            }
            throw new ConfigException(source, List.of("is not a mapping with apiVersion and kind"));
        } catch (YamlEngineException e) {
            throw new ConfigException(source, List.of("is not YAML: " + e.getMessage()));
        }
    }

    /** CFG-15, NP-3. */
    private static List<String> advice(KubeProxyConfig config, ProxyMode mode) {
        if (!config.nodePortAddressesSet() && mode == ProxyMode.IPTABLES) {
            return List.of("nodePortAddresses is not set: node ports answer on every local address;"
                    + " \"primary\" would limit them to the node's own");
        }
        return List.of();
    }

    private KubeProxyConfig config() {
        ProxyMode mode = mode();
        Ip bindAddress = address("bindAddress").orElse(Ip.parse("0.0.0.0"));
        Fields iptables = top.section("iptables");
        Fields nftables = top.section("nftables");
        List<Cidr> clusterCidrs = clusterCidrs();
        if (iptables.flag("snatNodeInternalIP", false)) {
            iptables.warning("snatNodeInternalIP", "is not supported: packets are masqueraded");
        }
        return new KubeProxyConfig(
                mode,
                top.flags("featureGates"),
                clientConnection(),
                logging(),
                hostnameOverride(),
                bindAddress,
                hostPort("healthzBindAddress", anyAddress(bindAddress), HEALTHZ_PORT),
                hostPort("metricsBindAddress", loopback(bindAddress), METRICS_PORT),
                top.flag("bindAddressHardFail", false),
                top.flag("enableProfiling", false),
                showHiddenMetricsForVersion(),
                rules(iptables, active(mode) == ProxyMode.IPTABLES),
                rules(nftables, active(mode) == ProxyMode.NFTABLES),
                iptables.flag("localhostNodePorts", true),
                detectLocal(clusterCidrs),
                clusterCidrs,
                nodePortAddresses(),
                top.isNonEmptyList("nodePortAddresses"),
                top.number("oomScoreAdj", -999, -1000, 1000),
                conntrack(),
                top.duration("configSyncPeriod", Duration.ofMinutes(15)),
                others());
    }

    private ProxyMode active(ProxyMode ofFile) {
        return chosen == null ? ofFile : chosen;
    }

    private ProxyMode mode() {
        String text = top.text("mode");
        switch (text) {
            case "", "iptables" -> {
                return ProxyMode.IPTABLES;
            }
            case "nftables" -> {
                return ProxyMode.NFTABLES;
            }
            case "ipvs" -> {
                if (chosen == null) {
                    top.problem(
                            "mode",
                            "ipvs is not supported; use nftables (kernel 5.13 or later), or iptables;"
                                    + " both need no change of Services");
                }
            }
            default -> top.problem("mode", "not iptables or nftables: \"" + text + "\"");
        }
        return ProxyMode.IPTABLES;
    }

    private KubeProxyConfig.ClientConnection clientConnection() {
        Fields fields = top.section("clientConnection");
        String contentType = fields.text("contentType");
        return new KubeProxyConfig.ClientConnection(
                fields.text("kubeconfig"),
                fields.text("acceptContentTypes"),
                contentType.isEmpty() ? "application/vnd.kubernetes.protobuf" : contentType,
                fields.decimal("qps", 5),
                fields.number("burst", 10, 0, Integer.MAX_VALUE));
    }

    private KubeProxyConfig.Logging logging() {
        Fields fields = top.section("logging");
        String format = fields.text("format");
        if (!format.isEmpty() && !format.equals("text") && !format.equals("json")) {
            fields.problem("format", "not text or json: \"" + format + "\"");
        }
        if (format.equals("json") && fields.isNonEmptyList("vmodule")) {
            fields.problem("vmodule", "is for format text only");
        }
        Fields options = fields.section("options");
        return new KubeProxyConfig.Logging(
                format.isEmpty() ? "text" : format,
                flushFrequency(fields),
                fields.number("verbosity", 0, 0, Integer.MAX_VALUE),
                fields.sections("vmodule").stream().map(ConfigReader::vmodule).toList(),
                stream(options.section("json")),
                stream(options.section("text")));
    }

    private static KubeProxyConfig.Logging.Vmodule vmodule(Fields fields) {
        String pattern = fields.text("filePattern");
        if (pattern.isEmpty()) {
            fields.problem("filePattern", "is needed");
        }
        return new KubeProxyConfig.Logging.Vmodule(pattern, fields.number("verbosity", 0, 0, Integer.MAX_VALUE));
    }

    private static KubeProxyConfig.Logging.Stream stream(Fields fields) {
        String size = fields.textOrNumber("infoBufferSize");
        return new KubeProxyConfig.Logging.Stream(fields.flag("splitStream", false), size.isEmpty() ? "0" : size);
    }

    /** Text like "5s", or, as old files have it, nanoseconds. */
    private static Duration flushFrequency(Fields fields) {
        return fields.isText("flushFrequency")
                ? fields.duration("flushFrequency", Duration.ofSeconds(5))
                : Duration.ofNanos((long) fields.decimal("flushFrequency", 5_000_000_000d));
    }

    /** CFG-13. */
    private String hostnameOverride() {
        String text = top.text("hostnameOverride");
        if (!text.isEmpty() && text.isBlank()) {
            top.problem("hostnameOverride", "is blank");
        }
        return text;
    }

    private Optional<Ip> address(String field) {
        String text = top.text(field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            top.problem(field, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Ip anyAddress(Ip bindAddress) {
        return Ip.parse(bindAddress.family() == IpFamily.IPV4 ? "0.0.0.0" : "::");
    }

    private static Ip loopback(Ip bindAddress) {
        return Ip.parse(bindAddress.family() == IpFamily.IPV4 ? "127.0.0.1" : "::1");
    }

    /** CFG-7: a port that is missing is the default one. */
    private @Nullable IpPort hostPort(String field, Ip defaultHost, int defaultPort) {
        if (switchedOff.contains(field)) {
            top.known(field);
            return null;
        }
        IpPort fallback = new IpPort(defaultHost, defaultPort);
        String text = top.text(field);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            return new IpPort(Ip.parse(text), defaultPort);
        } catch (IllegalArgumentException _) {
            try {
                return IpPort.parse(text);
            } catch (IllegalArgumentException _) {
                top.problem(field, "not an address with a port in 1 to 65535: \"" + text + "\"");
                return fallback;
            }
        }
    }

    private String showHiddenMetricsForVersion() {
        String text = top.text("showHiddenMetricsForVersion");
        if (!text.isEmpty() && !MINOR_VERSION.matcher(text).matches()) {
            top.problem("showHiddenMetricsForVersion", "not a minor version like 1.36: \"" + text + "\"");
        }
        return text;
    }

    private static KubeProxyConfig.Rules rules(Fields fields, boolean active) {
        Duration syncPeriod = fields.duration("syncPeriod", SYNC_PERIOD);
        Duration minSyncPeriod = fields.durationIfSet("minSyncPeriod").orElse(Duration.ZERO);
        if (active && minSyncPeriod.compareTo(syncPeriod) > 0) {
            fields.problem(
                    "minSyncPeriod",
                    "must not be over syncPeriod (" + syncPeriod.toSeconds() + "s), but is "
                            + fields.text("minSyncPeriod"));
        }
        return new KubeProxyConfig.Rules(
                fields.number("masqueradeBit", NodeSettings.DEFAULT_MASQUERADE_BIT, 0, 31),
                fields.flag("masqueradeAll", false),
                syncPeriod,
                minSyncPeriod);
    }

    private List<Cidr> clusterCidrs() {
        List<Cidr> cidrs = cidrs(splitCommas(top.text("clusterCIDR")));
        if (cidrs.stream().map(Cidr::family).distinct().count() < cidrs.size()) {
            top.problem("clusterCIDR", "more than one range of a family: " + top.text("clusterCIDR"));
        }
        return cidrs;
    }

    private static List<String> splitCommas(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private List<Cidr> cidrs(List<String> texts) {
        List<Cidr> cidrs = new ArrayList<>();
        for (String text : texts) {
            try {
                cidrs.add(Cidr.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                top.problem("clusterCIDR", String.valueOf(e.getMessage()));
            }
        }
        return cidrs;
    }

    /** MQ-8: each mode needs its own field. */
    private NodeSettings.DetectLocal detectLocal(List<Cidr> clusterCidrs) {
        Fields fields = top.section("detectLocal");
        fields.known("bridgeInterface", "interfaceNamePrefix");
        String mode = top.text("detectLocalMode");
        return switch (mode) {
            case "", "ClusterCIDR" -> new NodeSettings.DetectLocal.ClusterCidr(clusterCidrs);
            case "NodeCIDR" -> new NodeSettings.DetectLocal.NodeCidr();
            case "BridgeInterface" ->
                interfaceName(fields, "bridgeInterface", mode)
                        .<NodeSettings.DetectLocal>map(NodeSettings.DetectLocal.BridgeInterface::new)
                        .orElse(new NodeSettings.DetectLocal.NodeCidr());
            case "InterfaceNamePrefix" ->
                interfaceName(fields, "interfaceNamePrefix", mode)
                        .<NodeSettings.DetectLocal>map(NodeSettings.DetectLocal.InterfaceNamePrefix::new)
                        .orElse(new NodeSettings.DetectLocal.NodeCidr());
            default -> {
                top.problem(
                        "detectLocalMode",
                        "not ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix: \"" + mode + "\"");
                yield new NodeSettings.DetectLocal.NodeCidr();
            }
        };
    }

    private static Optional<InterfaceName> interfaceName(Fields fields, String field, String mode) {
        String text = fields.text(field);
        if (text.isEmpty()) {
            fields.problem(field, "is needed for detectLocalMode " + mode);
            return Optional.empty();
        }
        try {
            return Optional.of(new InterfaceName(text));
        } catch (IllegalArgumentException e) {
            fields.problem(field, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** NP-2, NP-3, NP-6. */
    private NodeSettings.NodePortSelection nodePortAddresses() {
        List<String> texts = top.texts("nodePortAddresses");
        if (texts.isEmpty()) {
            return NodeSettings.NodePortSelection.everywhere();
        }
        boolean primary = false;
        List<Cidr> ranges = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            switch (text) {
                case "primary" -> primary = true;
                case "localhost" -> ranges.addAll(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")));
                case "all" -> ranges.addAll(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
                default -> {
                    try {
                        ranges.add(Cidr.parse(text));
                    } catch (IllegalArgumentException e) {
                        top.problem("nodePortAddresses[" + i + "]", String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        for (IpFamily family : IpFamily.values()) {
            if (!primary && ranges.stream().noneMatch(range -> range.family() == family)) {
                top.warning(
                        "nodePortAddresses",
                        "has no range of " + family + ": " + family + " node ports answer on every local address");
            }
        }
        return new NodeSettings.NodePortSelection(primary, ranges);
    }

    private KubeProxyConfig.Conntrack conntrack() {
        Fields fields = top.section("conntrack");
        return new KubeProxyConfig.Conntrack(
                fields.number("maxPerCore", 32_768, 0, Integer.MAX_VALUE),
                fields.number("min", 131_072, 0, Integer.MAX_VALUE),
                fields.durationIfSet("tcpEstablishedTimeout").orElse(Duration.ofHours(24)),
                fields.durationIfSet("tcpCloseWaitTimeout").orElse(Duration.ofHours(1)),
                fields.flag("tcpBeLiberal", false),
                fields.durationIfSet("udpTimeout").orElse(Duration.ZERO),
                fields.durationIfSet("udpStreamTimeout").orElse(Duration.ZERO));
    }

    /** Fields that exist and mean nothing to these two modes, or nothing at all any more. */
    private KubeProxyConfig.Others others() {
        top.known("windowsRunAsService");
        Fields ipvs = top.section("ipvs");
        SortedMap<String, Object> ofIpvs = new TreeMap<>();
        ofIpvs.put("excludeCIDRs", ipvs.texts("excludeCIDRs"));
        ofIpvs.put("scheduler", ipvs.text("scheduler"));
        ofIpvs.put("strictARP", ipvs.flag("strictARP", false));
        for (String field : List.of("minSyncPeriod", "syncPeriod", "tcpFinTimeout", "tcpTimeout", "udpTimeout")) {
            ofIpvs.put(field, GoDuration.text(ipvs.durationIfSet(field).orElse(Duration.ZERO)));
        }
        Fields winkernel = top.section("winkernel");
        SortedMap<String, Object> ofWindows = new TreeMap<>();
        ofWindows.put("enableDSR", winkernel.flag("enableDSR", false));
        ofWindows.put("forwardHealthCheckVip", winkernel.flag("forwardHealthCheckVip", false));
        for (String field : List.of("networkName", "rootHnsEndpointName", "sourceVip")) {
            ofWindows.put(field, winkernel.text(field));
        }
        return new KubeProxyConfig.Others(ofIpvs, ofWindows, top.text("portRange"));
    }
}
