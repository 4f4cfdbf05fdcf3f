package io.fairlead.config;

import io.fairlead.config.KubeProxyConfiguration.Conntrack;
import io.fairlead.config.KubeProxyConfiguration.Logging;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates the values of a configuration whose types are correct and whose defaults are set (CFG-9). As in kube-proxy,
 * only the fields of the active mode and some of the other fields are checked.
 */
final class Validation {
    private static final String PREVIOUS = "1.36";
    private static final String SWITCHED_OFF = "";
    private static final Set<String> WORDS = Set.of("primary", "localhost", "all");

    private final KubeProxyConfiguration config;
    private final FeatureGates gates;
    private final Set<String> given;
    private final Findings findings;

    private Validation(KubeProxyConfiguration config, FeatureGates gates, Set<String> given, Findings findings) {
        this.config = config;
        this.gates = gates;
        this.given = given;
        this.findings = findings;
    }

    /**
     * Reports all problems to the findings.
     *
     * @param given the paths of the fields that flags set, including fields that a flag sets to an empty value
     */
    static void check(KubeProxyConfiguration config, FeatureGates gates, Set<String> given, Findings findings) {
        Validation validation = new Validation(config, gates, given, findings);
        gates.check(findings);
        validation.mode();
        validation.periods();
        validation.addresses();
        validation.ranges();
        validation.detectLocal();
        validation.conntrack(config.conntrack());
        validation.logging(config.logging());
        validation.within("oomScoreAdj", config.oomScoreAdj(), -1000, 1000);
        validation.notNegative(
                "clientConnection.burst", config.clientConnection().burst());
        String version = config.showHiddenMetricsForVersion();
        if (!version.isEmpty() && !version.equals(PREVIOUS)) {
            findings.mustBe("showHiddenMetricsForVersion", "\"" + PREVIOUS + "\" or empty", quoted(version));
        }
    }

    private void mode() {
        within("iptables.masqueradeBit", config.iptables().masqueradeBit(), 0, 31);
        switch (config.mode()) {
            case "iptables" -> {}
            case "nftables" ->
                within("nftables.masqueradeBit", config.nftables().masqueradeBit(), 0, 31);
            case "ipvs" ->
                findings.problem(
                        "mode",
                        "ipvs is not supported; use nftables (kernel 5.13 or later) or iptables;"
                                + " Services need no change for either");
            default -> findings.mustBe("mode", "iptables, nftables or empty", quoted(config.mode()));
        }
    }

    private void periods() {
        positive("configSyncPeriod", config.configSyncPeriod());
        boolean nftables = config.mode().equals(ProxyMode.NFTABLES.text());
        String block = nftables ? "nftables." : "iptables.";
        Duration sync =
                nftables ? config.nftables().syncPeriod() : config.iptables().syncPeriod();
        Duration least =
                nftables ? config.nftables().minSyncPeriod() : config.iptables().minSyncPeriod();
        positive(block + "syncPeriod", sync);
        notNegative(block + "minSyncPeriod", least);
        if (sync.isPositive() && least.compareTo(sync) > 0) {
            boolean leastIsSet = findings.has(block + "minSyncPeriod") && !findings.has(block + "syncPeriod");
            findings.problem(
                    block + (leastIsSet ? "minSyncPeriod" : "syncPeriod"),
                    "minSyncPeriod (" + GoDuration.text(least) + ") must not be longer than syncPeriod ("
                            + GoDuration.text(sync) + ")");
        }
    }

    private void addresses() {
        if (HostPort.ip(config.bindAddress()).isEmpty()) {
            findings.mustBe("bindAddress", "an IP address", quoted(config.bindAddress()));
        }
        if (!config.healthzBindAddress().equals(SWITCHED_OFF)) {
            hostPort("healthzBindAddress", config.healthzBindAddress());
        }
        hostPort("metricsBindAddress", config.metricsBindAddress());
    }

    private void hostPort(String field, String text) {
        if (HostPort.parse(text).isEmpty()) {
            findings.mustBe(field, "an IP address, with or without a port from 1 to 65535", quoted(text));
        }
    }

    private void ranges() {
        List<String> entries = config.nodePortAddresses() == null ? List.of() : config.nodePortAddresses();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            String path = "nodePortAddresses[" + i + "]";
            if (WORDS.contains(entry)) {
                if (!seen.add(entry)) {
                    findings.problem(path, quoted(entry) + " must appear only once");
                }
            } else if (HostPort.range(entry).isEmpty()) {
                findings.mustBe(path, "a range like 10.0.0.0/8, or primary, localhost or all", quoted(entry));
            }
        }
    }

    /**
     * Checks the field that detectLocalMode needs. The fields for other values of detectLocalMode are not checked
     * (MQ-8).
     */
    private void detectLocal() {
        switch (config.detectLocalMode()) {
            case "ClusterCIDR" -> clusterCidrs();
            case "NodeCIDR" -> {}
            case "BridgeInterface" ->
                interfaceName(
                        "detectLocal.bridgeInterface", config.detectLocal().bridgeInterface());
            case "InterfaceNamePrefix" ->
                interfaceName(
                        "detectLocal.interfaceNamePrefix", config.detectLocal().interfaceNamePrefix());
            default ->
                findings.mustBe(
                        "detectLocalMode",
                        "ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix",
                        quoted(config.detectLocalMode()));
        }
    }

    private void clusterCidrs() {
        // In a file, "" means no range. From a flag, "" is a list with one invalid range.
        if (config.clusterCidr().isEmpty() && !given.contains("clusterCIDR")) {
            return;
        }
        List<String> texts = List.of(config.clusterCidr().split(",", -1));
        List<Cidr> ranges = new ArrayList<>();
        for (String text : texts) {
            Optional<Cidr> range = HostPort.range(text);
            range.ifPresent(ranges::add);
            if (range.isEmpty()) {
                findings.mustBe("clusterCIDR", "a range, or one of each family separated by a comma", quoted(text));
            }
        }
        boolean sameFamily = ranges.size() == 2
                && ranges.getFirst().family() == ranges.getLast().family();
        if (texts.size() > IpFamily.values().length || sameFamily) {
            findings.mustBe("clusterCIDR", "at most one range of each family", quoted(config.clusterCidr()));
        }
    }

    /**
     * Checks the name of an interface. kube-proxy accepts any text except "". Fairlead rejects a text that is not the
     * name of an interface, because it would make the rules invalid.
     */
    private void interfaceName(String path, String name) {
        if (name.isEmpty()) {
            findings.problem(path, "must be set if detectLocalMode is " + config.detectLocalMode());
            return;
        }
        try {
            new InterfaceName(name);
        } catch (IllegalArgumentException e) {
            findings.problem(path, String.valueOf(e.getMessage()));
        }
    }

    private void conntrack(Conntrack conntrack) {
        notNegative("conntrack.maxPerCore", conntrack.maxPerCore());
        notNegative("conntrack.min", conntrack.min());
        notNegative("conntrack.tcpEstablishedTimeout", conntrack.tcpEstablishedTimeout());
        notNegative("conntrack.tcpCloseWaitTimeout", conntrack.tcpCloseWaitTimeout());
        notNegative("conntrack.udpTimeout", conntrack.udpTimeout());
        notNegative("conntrack.udpStreamTimeout", conntrack.udpStreamTimeout());
    }

    private void logging(Logging logging) {
        positive("logging.flushFrequency", logging.flushFrequency().time());
        String format = logging.format();
        if (!format.equals("text") && !format.equals("json")) {
            findings.mustBe("logging.format", "text or json", quoted(format));
        }
        verbosity("logging.verbosity", logging.verbosity());
        List<Logging.Vmodule> modules = logging.vmodule() == null ? List.of() : logging.vmodule();
        if (!modules.isEmpty() && !format.isEmpty() && !format.equals("text")) {
            findings.problem("logging.vmodule", "is allowed with format text only");
        }
        for (int i = 0; i < modules.size(); i++) {
            String path = "logging.vmodule[" + i + "]";
            String pattern = modules.get(i).filePattern();
            if (pattern.isEmpty()) {
                findings.problem(path + ".filePattern", "must be set");
            }
            if (pattern.contains("=") || pattern.contains(",")) {
                findings.mustBe(path + ".filePattern", "a pattern without = and comma", quoted(pattern));
            }
            verbosity(path + ".verbosity", modules.get(i).verbosity());
        }
        output("logging.options.json", logging.options().json());
        output("logging.options.text", logging.options().text());
    }

    private void verbosity(String path, long verbosity) {
        if (verbosity > Integer.MAX_VALUE) {
            findings.mustBe(path, Integer.MAX_VALUE + " or less", verbosity);
        }
    }

    private void output(String path, Logging.Output output) {
        String needs = "needs the feature gate " + FeatureGates.LOGGING_ALPHA;
        if (output.splitStream() && !gates.isOn(FeatureGates.LOGGING_ALPHA)) {
            findings.problem(path + ".splitStream", needs);
        }
        if (!output.infoBufferSize().isZero() && !gates.isOn(FeatureGates.LOGGING_ALPHA)) {
            findings.problem(path + ".infoBufferSize", needs);
        }
    }

    private void within(String path, @Nullable Integer number, int least, int most) {
        if (number != null && (number < least || number > most)) {
            findings.mustBe(path, "from " + least + " to " + most, number);
        }
    }

    private void notNegative(String path, @Nullable Integer number) {
        if (number != null && number < 0) {
            findings.mustBe(path, "0 or more", number);
        }
    }

    private void notNegative(String path, @Nullable Duration time) {
        if (time != null && time.isNegative()) {
            findings.mustBe(path, "0 or more", GoDuration.text(time));
        }
    }

    private void positive(String path, Duration time) {
        if (!time.isPositive()) {
            findings.mustBe(path, "more than 0", GoDuration.text(time));
        }
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
