package io.fairlead.agent.serve;

import static io.fairlead.agent.serve.MetricTable.seconds;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/**
 * The metrics of requests that the agent sent to the API server, and of requests that its health pages answered.
 * Thread-safe.
 */
public final class ServedMetrics {
    private static final double[] REQUEST_BUCKETS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

    private final Counter healthz;
    private final Counter livez;
    private final Counter requests;
    private final Histogram requestDuration;
    private final Gauge healthcheck;
    private final Counter healthchecks;

    ServedMetrics(MetricTable all, MetricTable slis) {
        healthz = all.counter("proxy_healthz_total", "Answers of /healthz.", "code");
        livez = all.counter("proxy_livez_total", "Answers of /livez.", "code");
        MetricTable client = all.withPrefix("rest_client_");
        requests = client.counter("requests_total", "Requests to the API server.", "code", "host", "method");
        requestDuration = client.histogram(
                "request_duration_seconds",
                "Time until the API server's status line.",
                REQUEST_BUCKETS,
                "host",
                "verb");
        healthcheck = slis.gauge("healthcheck", "Result of a health check: 1 is healthy.", "name", "type");
        healthchecks = slis.counter(
                "healthchecks_total", "Answers of the pages /healthz and /livez, by status.", "name", "status", "type");
    }

    /** Counts an answer of {@code /healthz} with this HTTP status. */
    public void healthz(int code) {
        healthz.labelValues(Integer.toString(code)).inc();
    }

    /** Counts an answer of {@code /livez} with this HTTP status. */
    public void livez(int code) {
        livez.labelValues(Integer.toString(code)).inc();
    }

    /**
     * Counts a request to the API server that has ended. The method, the host and the code have the same values as the
     * labels of client-go's metrics.
     */
    public void requested(String method, String host, String code, Duration took) {
        requests.labelValues(code, host, method).inc();
        requestDuration.labelValues(host, method).observe(seconds(took));
    }

    /** Counts an answer of {@code /healthz} on metricsBindAddress. */
    void pinged() {
        healthcheck.labelValues("ping", "healthz").set(1);
        healthchecks.labelValues("ping", "success", "healthz").inc();
    }
}
