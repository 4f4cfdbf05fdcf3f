package io.fairlead.config;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the settings that have no effect in Fairlead. */
final class Ineffective {
    private static final Duration CONFIG_SYNC_PERIOD = Duration.ofMinutes(15);
    private static final List<String> SWITCHES = List.of(
            FeatureGates.EXTERNAL_IPS,
            FeatureGates.FLAGZ,
            FeatureGates.STATUSZ,
            FeatureGates.NETLINK,
            FeatureGates.LOCALHOST_NODE_PORTS,
            FeatureGates.LOGGING_ALPHA,
            FeatureGates.ALL_ALPHA,
            FeatureGates.ALL_BETA);

    private Ineffective() {}

    /**
     * Returns the reason for each setting that has no effect, by the path of the setting.
     *
     * @param given the configuration before defaults were set
     */
    static SortedMap<String, String> of(ObjectNode given, KubeProxyConfiguration config, FeatureGates gates) {
        SortedMap<String, String> found = new TreeMap<>();
        gates.ineffective(SWITCHES).forEach(gate -> found.put("featureGates." + gate, reason(gate)));
        addSet(found, "ipvs", given, "it belongs to ipvs mode, which is not supported");
        addSet(found, "winkernel", given, "this is not Windows");
        if (!config.portRange().isEmpty()) {
            found.put("portRange", "kube-proxy ignores it too");
        }
        if (config.windowsRunAsService()) {
            found.put("windowsRunAsService", "this is not Windows");
        }
        if (!config.configSyncPeriod().equals(CONFIG_SYNC_PERIOD)) {
            found.put("configSyncPeriod", "the agent watches changes and compares the kernel at intervals");
        }
        if (!config.showHiddenMetricsForVersion().isEmpty()) {
            found.put("showHiddenMetricsForVersion", "Fairlead hides no metrics");
        }
        String format = config.logging().format();
        KubeProxyConfiguration.Logging.Output output = format.equals("json")
                ? config.logging().options().json()
                : config.logging().options().text();
        if (FieldMapping.at(given, "logging.options." + format + ".splitStream").booleanValue(false)
                && !output.splitStream()) {
            found.put(
                    "logging.options." + format + ".splitStream",
                    "kube-proxy ignores it in a file too; --log-" + format + "-split-stream has an effect");
        }
        if (!output.infoBufferSize().isZero()) {
            found.put("logging.options." + format + ".infoBufferSize", "log lines are not buffered");
        }
        return found;
    }

    private static String reason(String gate) {
        return switch (gate) {
            case FeatureGates.IPVS -> "ipvs mode is not supported";
            default -> "Fairlead has nothing that this gate switches";
        };
    }

    private static void addSet(SortedMap<String, String> found, String section, ObjectNode given, String reason) {
        JsonNode fields = given.path(section);
        for (String field : new TreeSet<>(fields.propertyNames())) {
            if (!isNothing(fields.path(field))) {
                found.put(section + "." + field, reason);
            }
        }
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull()
                || (value.isEmpty() && value.isContainer())
                || (value.isString()
                        && (value.asString().isEmpty() || value.asString().equals("0s")))
                || (value.isBoolean() && !value.booleanValue());
    }
}
