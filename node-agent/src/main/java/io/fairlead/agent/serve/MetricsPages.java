package io.fairlead.agent.serve;

import io.fairlead.core.plan.ProxyMode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is served on metricsBindAddress: {@code /metrics}, {@code /healthz} (plain ok), {@code /proxyMode} and {@code /configz}
 * as kube-proxy has them, {@code /statusz} in plain text for people, and {@code /readyz}, which kube-proxy has not.
 *
 * @param mode the mode in use
 * @param metrics what {@code /metrics} shows
 * @param configuration the configuration in use, as JSON
 * @param status the page for people
 * @param readiness what {@code /readyz} says; 503 if not ready
 */
public record MetricsPages(
        ProxyMode mode,
        ProxyMetrics metrics,
        Supplier<String> configuration,
        Supplier<String> status,
        Supplier<Readiness> readiness) {

    SortedMap<String, Page.Source> pages() {
        SortedMap<String, Page.Source> pages = new TreeMap<>();
        pages.put("/metrics", () -> Page.of(200, ProxyMetrics.CONTENT_TYPE, metrics.text()));
        pages.put("/healthz", () -> Page.text(200, "ok"));
        pages.put("/proxyMode", () -> Page.of(200, "text/plain", mode.text()));
        pages.put("/configz", () -> Page.json(200, configuration.get()));
        pages.put("/statusz", () -> Page.text(200, status.get()));
        pages.put("/readyz", () -> {
            Readiness now = readiness.get();
            return Page.text(now.ready() ? 200 : 503, now.reason() + "\n");
        });
        return pages;
    }
}
