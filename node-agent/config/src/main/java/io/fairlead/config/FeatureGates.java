package io.fairlead.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of the feature gates of kube-proxy 1.37. If the configuration does not set a gate, the gate has the value
 * of {@code AllAlpha} or {@code AllBeta}, depending on its stage. If that is not set either, the gate has its default
 * (CFG-16).
 *
 * @param chosen the values that the configuration sets, by the name of the gate
 */
public record FeatureGates(SortedMap<String, Boolean> chosen) {
    /** The name of the gate for external IPs. If the gate is off, external IPs have no rules. */
    public static final String EXTERNAL_IPS = "AllowServiceExternalIPs";
    /** The name of the gate for the page {@code /flagz}. If the gate is off, the page is not served. */
    public static final String FLAGZ = "ComponentFlagz";
    /** The name of the gate for the page {@code /statusz}. If the gate is off, the page is not served. */
    public static final String STATUSZ = "ComponentStatusz";
    /** The name of the gate for netlink in nftables mode. If the gate is off, the program nft writes the rules. */
    public static final String NETLINK = "NFTablesNetlink";

    static final String IPVS = "KubeProxyIPVS";
    static final String LOGGING_ALPHA = "LoggingAlphaOptions";
    /**
     * The name of the gate for node ports on localhost in nftables mode. If the gate is on and nodePortAddresses
     * contains loopback addresses, node ports are served on localhost.
     */
    public static final String LOCALHOST_NODE_PORTS = "KubeProxyNFTablesLocalhostNodePorts";

    static final String ALL_ALPHA = "AllAlpha";
    static final String ALL_BETA = "AllBeta";

    private static final Map<String, Gate> KNOWN = read();

    /**
     * A feature gate of kube-proxy.
     *
     * @param needs the names of the gates that must be on if this gate is on
     */
    private record Gate(String name, String stage, boolean byDefault, boolean locked, List<String> needs) {
        static Gate of(String line) {
            String[] cells = line.split("\t", -1);
            List<String> needs = cells[4].isEmpty() ? List.of() : List.of(cells[4].split(",", -1));
            return new Gate(cells[0], cells[1], Boolean.parseBoolean(cells[2]), Boolean.parseBoolean(cells[3]), needs);
        }

        /** Returns the name of the gate that switches all gates of this gate's stage; null if there is no such gate. */
        @Nullable
        String group() {
            return switch (stage) {
                case "ALPHA" -> ALL_ALPHA;
                case "BETA" -> ALL_BETA;
                default -> null;
            };
        }
    }

    /** Copies the map. */
    public FeatureGates {
        chosen = Collections.unmodifiableSortedMap(new TreeMap<>(chosen));
    }

    /** Returns whether a gate is on. The gate must be one of kube-proxy 1.37. */
    public boolean isOn(String name) {
        Gate gate = Objects.requireNonNull(KNOWN.get(name), name);
        Boolean own = chosen.get(name);
        return own != null ? own : group(gate).orElse(gate.byDefault());
    }

    /** Returns the value that {@code AllAlpha} or {@code AllBeta} sets for this gate; empty if they do not set it. */
    private Optional<Boolean> group(Gate gate) {
        String group = gate.group();
        boolean isGroup = gate.name().equals(ALL_ALPHA) || gate.name().equals(ALL_BETA);
        return group == null || isGroup ? Optional.empty() : Optional.ofNullable(chosen.get(group));
    }

    /**
     * Reports three errors: a gate that kube-proxy does not have, a gate that is locked to another value, and a gate
     * that is on and needs another gate that is off.
     */
    void check(Findings findings) {
        boolean well = true;
        for (Map.Entry<String, Boolean> entry : chosen.entrySet()) {
            Gate gate = KNOWN.get(entry.getKey());
            String path = "featureGates." + entry.getKey();
            if (gate == null) {
                findings.problem(path, "is not a feature gate of kube-proxy 1.37");
                well = false;
            } else if (gate.locked() && gate.byDefault() != entry.getValue()) {
                findings.problem(path, "is locked to " + gate.byDefault() + " in 1.37, but is " + entry.getValue());
                well = false;
            }
        }
        if (well) {
            KNOWN.values().stream().filter(gate -> isOn(gate.name())).forEach(gate -> checkNeeds(gate, findings));
        }
    }

    private void checkNeeds(Gate gate, Findings findings) {
        List<String> off = gate.needs().stream().filter(need -> !isOn(need)).toList();
        if (off.isEmpty()) {
            return;
        }
        String needs = gate.name() + " is on and needs " + String.join(", ", off)
                + (off.size() == 1 ? ", which is" : ", which are") + " off";
        // The message names a gate that the configuration sets: this gate, the gate of its stage, or a needed gate that
        // is set to off.
        String group = gate.group();
        String culprit = chosen.containsKey(gate.name())
                ? gate.name()
                : group != null && chosen.containsKey(group)
                        ? group
                        : off.stream()
                                .filter(name -> chosen.containsKey(name))
                                .findFirst()
                                .orElse(ALL_BETA);
        findings.problem("featureGates." + culprit, "cannot be " + chosen.getOrDefault(culprit, true) + ": " + needs);
    }

    /**
     * Returns the names of the gates that are set to another value than their default and have no effect in Fairlead.
     *
     * @param switched the names of the gates that have an effect in Fairlead
     */
    List<String> ineffective(List<String> switched) {
        return chosen.entrySet().stream()
                .filter(entry -> !switched.contains(entry.getKey()))
                .filter(entry -> Optional.ofNullable(KNOWN.get(entry.getKey()))
                        .filter(gate -> gate.byDefault() != entry.getValue())
                        .isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Gate> read() {
        try (InputStream in = FeatureGates.class.getResourceAsStream("feature-gates.tsv")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n", -1))
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Gate::of)
                    .collect(Collectors.toMap(Gate::name, gate -> gate, (a, _) -> a, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
