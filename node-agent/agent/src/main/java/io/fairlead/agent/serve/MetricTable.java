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
 * Creates metrics in a registry of their own, and writes them as text.
 *
 * @param registry the registry that the metrics are served from
 * @param prefix what each name begins with, for example "kubeproxy_"
 */
record MetricTable(PrometheusRegistry registry, String prefix) {
    /** The label that most metrics have. */
    static final String FAMILY = "ip_family";

    MetricTable(String prefix) {
        this(new PrometheusRegistry(), prefix);
    }

    /** Returns a table of the same registry, for names that begin with another prefix. */
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

    /** Adds a gauge that is read at each scrape. */
    void callback(String name, String help, DoubleSupplier value) {
        var _ = GaugeWithCallback.builder()
                .name(prefix + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Returns Prometheus' text format, version 0.0.4. The bounds of buckets have the form of Prometheus' client for Go.
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
