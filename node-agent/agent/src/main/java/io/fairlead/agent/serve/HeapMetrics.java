package io.fairlead.agent.serve;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/** The metrics of the JVM's heap. They are read at each scrape, without loading JMX. */
final class HeapMetrics {
    private HeapMetrics() {}

    static void register(PrometheusRegistry registry) {
        Runtime runtime = Runtime.getRuntime();
        gauge(
                registry,
                "used",
                "Heap that objects use, including garbage.",
                () -> runtime.totalMemory() - runtime.freeMemory());
        gauge(registry, "committed", "Heap that the JVM has allocated.", runtime::totalMemory);
        gauge(registry, "max", "Limit of the heap.", runtime::maxMemory);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        var _ = GaugeWithCallback.builder()
                .name("fairlead_jvm_heap_" + name + "_bytes")
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}
