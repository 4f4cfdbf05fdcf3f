package io.fairlead.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What of a configuration is set to something and does nothing here; a line each, beginning with the field. */
final class Ineffective {
    private static final Duration CONFIG_SYNC_PERIOD = Duration.ofMinutes(15);

    private Ineffective() {}

    static List<String> of(KubeProxyConfig config) {
        List<String> lines = new ArrayList<>();
        config.featureGates().keySet().stream()
                .filter(gate -> !gate.equals("AllowServiceExternalIPs"))
                .sorted()
                .forEach(gate -> lines.add("featureGates." + gate + " has no effect: features are not switched here"));
        addSet(lines, "ipvs", config.others().ipvs(), "it is of mode ipvs, which is not supported");
        addSet(lines, "winkernel", config.others().winkernel(), "this is not Windows");
        if (!config.others().portRange().isEmpty()) {
            lines.add("portRange has no effect, in kube-proxy neither");
        }
        if (!config.configSyncPeriod().equals(CONFIG_SYNC_PERIOD)) {
            lines.add("configSyncPeriod has no effect: changes are watched, and the kernel is compared all along");
        }
        if (!config.showHiddenMetricsForVersion().isEmpty()) {
            lines.add("showHiddenMetricsForVersion has no effect: no metric is hidden");
        }
        if (!config.logging().stream().infoBufferSize().equals("0")) {
            lines.add("logging.options." + config.logging().format()
                    + ".infoBufferSize has no effect: no line waits in a buffer");
        }
        return lines;
    }

    private static void addSet(List<String> lines, String section, SortedMap<String, Object> fields, String reason) {
        fields.forEach((field, value) -> {
            if (!isNothing(value)) {
                lines.add(section + "." + field + " has no effect: " + reason);
            }
        });
    }

    private static boolean isNothing(Object value) {
        return value.equals("") || value.equals("0s") || value.equals(false) || value.equals(List.of());
    }
}
