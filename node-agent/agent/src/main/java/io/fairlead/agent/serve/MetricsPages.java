package io.fairlead.agent.serve;

import io.fairlead.core.plan.ProxyMode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages on metricsBindAddress (HTTP-10). {@code /metrics}, {@code /metrics/slis}, {@code /healthz} (which only
 * answers "ok"), {@code /proxyMode} and {@code /configz} are the same as in kube-proxy. {@code /readyz} does not exist
 * in kube-proxy. Further pages are plain text for users.
 *
 * @param mode the mode in use
 * @param metrics the metrics for {@code /metrics}
 * @param configuration returns the configuration in use, as JSON
 * @param readiness returns the answer for {@code /readyz}; its HTTP status is 503 if the agent is not ready
 * @param texts the further pages in plain text, by path
 * @param site the pages of {@code --ui}, by path; empty if it is off
 * @param debug the pages for {@code enableProfiling}; null if it is off
 */
public record MetricsPages(
        ProxyMode mode,
        ProxyMetrics metrics,
        Supplier<String> configuration,
        Supplier<Readiness> readiness,
        SortedMap<String, Supplier<String>> texts,
        SortedMap<String, Page.Source> site,
        @Nullable DebugPages debug) {

    /** Copies the maps. */
    public MetricsPages {
        site = Collections.unmodifiableSortedMap(new TreeMap<>(site));
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
        pages.putAll(site);
        texts.forEach((path, text) -> pages.put(path, _ -> Page.text(200, text.get())));
        if (debug != null) {
            pages.putAll(debug.pages());
        }
        return pages;
    }
}
