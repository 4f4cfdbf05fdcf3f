package io.fairlead.agent.serve;

import io.fairlead.config.ImitatedVersion;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;

/**
 * The metrics about versions and feature gates. {@code kubernetes_build_info} has kube-proxy's labels and, for
 * dashboards that group by version, the version of the kube-proxy whose behaviour Fairlead has. Fairlead's own
 * version is in {@code fairlead_build_info}.
 */
final class BuildMetrics {
    /** The feature gates that are always on in kube-proxy 1.37 and whose behaviour Fairlead has. */
    private static final List<String> ON = List.of("MultiCIDRServiceAllocator", "PreferSameTrafficDistribution");

    private BuildMetrics() {}

    static void register(PrometheusRegistry registry) {
        String version = BuildMetrics.class.getPackage().getImplementationVersion();
        Info.builder()
                .name("kubernetes_build_info")
                .help("The version of kube-proxy whose behaviour Fairlead has.")
                .labelNames(
                        "build_date",
                        "compiler",
                        "git_commit",
                        "git_tree_state",
                        "git_version",
                        "go_version",
                        "major",
                        "minor",
                        "platform")
                .register(registry)
                .addLabelValues(
                        "",
                        "javac",
                        "",
                        "",
                        ImitatedVersion.GIT_VERSION,
                        "",
                        ImitatedVersion.MAJOR,
                        ImitatedVersion.MINOR,
                        "linux/" + architecture(System.getProperty("os.arch")));
        Info.builder()
                .name("fairlead_build_info")
                .help("The version of Fairlead.")
                .labelNames("version", "java_version")
                .register(registry)
                .addLabelValues(
                        version == null ? "unknown" : version, Runtime.version().toString());
        Gauge features = Gauge.builder()
                .name("kubernetes_feature_enabled")
                .help("Feature gates by name; 1 is on.")
                .labelNames("name", "stage")
                .register(registry);
        ON.forEach(name -> features.labelValues(name, "").set(1));
    }

    private static String architecture(String java) {
        return Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64").getOrDefault(java, java);
    }
}
