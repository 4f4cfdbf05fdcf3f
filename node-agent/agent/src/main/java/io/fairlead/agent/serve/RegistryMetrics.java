package io.fairlead.agent.serve;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.IntSupplier;

/** The metrics that component-base has about its registry. Here no metric is hidden or disabled. */
final class RegistryMetrics {
    private RegistryMetrics() {}

    /** @param families returns the number of metrics that are served */
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
