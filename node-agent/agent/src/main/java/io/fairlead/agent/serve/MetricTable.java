package io.fairlead.agent.serve;

import io.fairlead.core.net.IpFamily;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * Creates metrics in a registry, and writes all metrics of the registry as text.
 *
 * @param registry the registry to which the metrics are added
 * @param prefix the start of the name of each metric, for example "kubeproxy_"
 */
record MetricTable(PrometheusRegistry registry, String prefix) {
    /** The name of the label for the IP family, which most metrics have. */
    static final String FAMILY = "ip_family";

    MetricTable(String prefix) {
        this(new PrometheusRegistry(), prefix);
    }

    /** Returns a table for the same registry, with another prefix for the names of metrics. */
    MetricTable withPrefix(String other) {
        return new MetricTable(registry, other);
    }

    Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(prefix + name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames(labels)
                .register(registry);
    }

    Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(prefix + name).help(help).labelNames(labels).register(registry);
    }

    Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(prefix + name)
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    /** Adds a gauge whose value is computed at each scrape. */
    void callback(String name, String help, DoubleSupplier value) {
        var _ = GaugeWithCallback.builder()
                .name(prefix + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Returns all metrics in Prometheus' text format, version 0.0.4. The bounds of histogram buckets are written as by
     * Prometheus' client for Go.
     */
    String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bounds.asGoWritesThem(out.toString(StandardCharsets.UTF_8));
    }

    static String label(IpFamily family) {
        return family.toString();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
