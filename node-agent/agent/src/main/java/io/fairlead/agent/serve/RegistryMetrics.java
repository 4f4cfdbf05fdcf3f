package io.fairlead.agent.serve;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The metrics about the registry of metrics that the library component-base of Kubernetes provides. In Fairlead no
 * metric is hidden or disabled.
 */
final class RegistryMetrics {
    private RegistryMetrics() {}

    /**
     * Adds the metrics to a registry.
     *
     * @param families returns the number of served metrics
     */
    static void register(PrometheusRegistry registry, IntSupplier families) {
        for (String kind : List.of("disabled", "hidden")) {
            var _ = CounterWithCallback.builder()
                    .name(kind + "_metrics_total")
                    .help("Metrics that are " + kind + ".")
                    .callback(callback -> callback.call(0))
                    .register(registry);
        }
        var _ = CounterWithCallback.builder()
                .name("registered_metrics_total")
                .help("Metrics that are served.")
                .labelNames("deprecated_version", "stability_level")
                .callback(callback -> callback.call(families.getAsInt(), "", "ALPHA"))
                .register(registry);
    }
}
