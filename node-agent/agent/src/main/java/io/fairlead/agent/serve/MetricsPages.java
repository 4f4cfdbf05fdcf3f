package io.fairlead.agent.serve;

import io.fairlead.core.plan.ProxyMode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages on metricsBindAddress: {@code /metrics}, {@code /metrics/slis}, {@code /healthz} (plain ok), {@code
 * /proxyMode} and {@code /configz} as in kube-proxy, {@code /readyz}, which kube-proxy does not have, and pages in
 * plain text for people (HTTP-10).
 *
 * @param mode the mode in use
 * @param metrics the metrics of {@code /metrics}
 * @param configuration the configuration in use, as JSON
 * @param readiness the answer of {@code /readyz}; 503 if not ready
 * @param texts more pages by path, in plain text
 * @param debug the pages for {@code enableProfiling}; null without it
 */
public record MetricsPages(
        ProxyMode mode,
        ProxyMetrics metrics,
        Supplier<String> configuration,
        Supplier<Readiness> readiness,
        SortedMap<String, Supplier<String>> texts,
        @Nullable DebugPages debug) {

    /** Copies the map. */
    public MetricsPages {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    SortedMap<String, Page.Source> pages() {
        SortedMap<String, Page.Source> pages = new TreeMap<>();
        pages.put("/metrics", _ -> Page.of(200, ProxyMetrics.CONTENT_TYPE, metrics.text()));
        pages.put("/metrics/slis", _ -> Page.of(200, ProxyMetrics.CONTENT_TYPE, metrics.sliText()));
        pages.put("/healthz", _ -> {
            metrics.served().pinged();
            return Page.text(200, "ok");
        });
        pages.put("/proxyMode", _ -> Page.of(200, "text/plain", mode.text()));
        pages.put("/configz", _ -> Page.json(200, configuration.get()));
        pages.put("/readyz", _ -> {
            Readiness now = readiness.get();
            return Page.text(now.ready() ? 200 : 503, now.reason() + "\n");
        });
        texts.forEach((path, text) -> pages.put(path, _ -> Page.text(200, text.get())));
        if (debug != null) {
            pages.putAll(debug.pages());
        }
        return pages;
    }
}
