package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares Fairlead's metrics with the metrics of kube-proxy 1.37.2: names, types, labels, bounds of buckets, and
 * modes.
 */
class ProxyMetricsTest {
    /**
     * The names of kube-proxy's metrics that are not compared: counters that need nfacct in the kernel (CT-16), and
     * metrics of Go libraries that have no counterpart in Fairlead.
     */
    private static final Pattern NOT_OURS = Pattern.compile("kubeproxy_iptables_(?:ct_state|localhost).*"
            + "|rest_client_(?:exec_plugin|transport)_.*"
            + "|rest_client_(?:rate_limiter_duration_seconds|request_size_bytes|response_size_bytes)");

    private record Row(String name, String type, Set<String> labels, Set<String> bounds, String modes) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            Set<String> bounds = Arrays.stream(cells[3].split(" "))
                    .filter(bound -> !bound.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> labels = Arrays.stream(cells[2].split(","))
                    .filter(label -> !label.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            return new Row(cells[0], cells[1], labels, bounds, cells[4]);
        }
    }

    private static List<Row> rows() throws IOException {
        return allRows().stream()
                .filter(row -> !NOT_OURS.matcher(row.name()).matches())
                .toList();
    }

    private static List<Row> allRows() throws IOException {
        try (InputStream in = ProxyMetricsTest.class.getResourceAsStream("/serve/kube-proxy-metrics.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(Row::of)
                    .toList();
        }
    }

    @Test
    void countsAFailedDeletionInItsFamily() {
        ProxyMetrics metrics = new ProxyMetrics(ProxyMode.NFTABLES);
        metrics.sync().cleanupFailed(IpFamily.IPV6);
        metrics.sync().cleanupFailed(IpFamily.IPV6);
        assertThat(metrics.text())
                .contains("kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total{ip_family=\"IPv6\"} 2.0");
    }

    /** Tests that docs/configuration.md names all metrics of kube-proxy that Fairlead does not serve. */
    @Test
    void documentsEveryMetricThatIsNotServed() throws IOException {
        String text = Files.readString(Path.of("../../docs/configuration.md"), StandardCharsets.UTF_8);
        List<String> missing = allRows().stream()
                .map(Row::name)
                .filter(name -> NOT_OURS.matcher(name).matches())
                .filter(name -> !text.contains("`" + name + "`"))
                .toList();

        assertThat(missing).isEmpty();
    }

    private static String textAfterOneOfEverything(ProxyMode mode) {
        ProxyMetrics metrics = new ProxyMetrics(mode);
        for (IpFamily family : IpFamily.values()) {
            metrics.sync().synced(family, true, Duration.ofMillis(5));
            metrics.sync().synced(family, false, Duration.ofMillis(2));
            metrics.sync().inOrder(family, Instant.EPOCH.plusSeconds(7));
            metrics.sync().queued(family, Instant.EPOCH.plusSeconds(6));
            metrics.sync().programmed(family, Duration.ofSeconds(1));
            metrics.sync().withoutLocalEndpoints(family, 1, 2);
            metrics.sync().rules(family, "nat", 10, 3);
            metrics.sync().rules(family, "filter", 5, 5);
            metrics.sync().failed(family, false);
            metrics.sync().cleanupFailed(family);
            metrics.sync().conntrackCleaned(family, Duration.ofMillis(1), 4);
        }
        metrics.sync().endpointChange();
        metrics.sync().serviceChange();
        metrics.pending(() -> 1, () -> 2);
        metrics.served().healthz(200);
        metrics.served().livez(503);
        metrics.served().requested("GET", "10.0.0.1:443", "200", Duration.ofMillis(30));
        metrics.sync().quarantined(1);
        return metrics.text();
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void hasTheMetricsOfKubeProxy(ProxyMode mode) throws IOException {
        String text = textAfterOneOfEverything(mode);

        for (Row row : rows()) {
            if (!row.modes().contains(mode.text())) {
                assertThat(text).as(row.name()).doesNotContain("# TYPE " + row.name() + " ");
                continue;
            }
            assertThat(text).contains("# TYPE " + row.name() + " " + row.type() + "\n");
            String sample = row.name() + (row.type().equals("histogram") ? "_sum" : "");
            Matcher line = Pattern.compile("(?m)^" + sample + "(\\{(.*)})? ").matcher(text);
            assertThat(line.find()).as(row.name()).isTrue();
            assertThat(labels(line.group(2))).as(row.name()).isEqualTo(row.labels());
            if (!row.bounds().isEmpty()) {
                assertThat(bounds(text, row.name())).as(row.name()).isEqualTo(row.bounds());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void countsEachEvent(ProxyMode mode) {
        String text = textAfterOneOfEverything(mode);

        assertThat(text)
                .contains("kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family=\"IPv6\"} 7.0")
                .contains("kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"} 2")
                .contains("kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"} 1")
                .contains("kubeproxy_conntrack_reconciler_deleted_entries_total{ip_family=\"IPv4\"} 4.0")
                .contains("kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\","
                        + "traffic_policy=\"external\"} 2.0")
                .contains("kubeproxy_sync_proxy_rules_service_changes_pending 1.0")
                .contains("kubeproxy_sync_proxy_rules_endpoint_changes_pending 2.0")
                .contains("fairlead_quarantined_services 1.0");
        assertThat(text.contains("kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"} 1.0"))
                .isEqualTo(mode == ProxyMode.NFTABLES);
        assertThat(text.contains("kubeproxy_sync_proxy_rules_iptables_restore_failures_total{ip_family=\"IPv4\"} 1.0"))
                .isEqualTo(mode == ProxyMode.IPTABLES);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void programmingBucketsAreAsDocumented(ProxyMode mode) {
        Set<String> bounds = bounds(textAfterOneOfEverything(mode), "kubeproxy_network_programming_duration_seconds");

        assertThat(bounds)
                .hasSize(2 + 59 + 12 + 7 + 1)
                .contains("0.25", "0.5", "1", "59", "60", "65", "115", "120", "300");
    }

    private static Set<String> labels(String text) {
        Set<String> labels = new TreeSet<>();
        Matcher label = Pattern.compile("([a-z_]+)=\"").matcher(text == null ? "" : text);
        while (label.find()) {
            labels.add(label.group(1));
        }
        return labels;
    }

    /**
     * Returns the bounds of a histogram's buckets as text, because Prometheus before version 3 treats "1" and "1.0" as
     * different.
     */
    private static Set<String> bounds(String text, String name) {
        Set<String> bounds = new TreeSet<>();
        Matcher bucket =
                Pattern.compile("(?m)^" + name + "_bucket\\{.*le=\"([^\"]+)\"").matcher(text);
        while (bucket.find()) {
            bounds.add(bucket.group(1));
        }
        return bounds;
    }
}
