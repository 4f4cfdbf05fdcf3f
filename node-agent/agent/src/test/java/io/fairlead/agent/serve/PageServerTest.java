package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PageServerTest {
    private static final PageServer.OnFailure FATAL = new PageServer.OnFailure(true, _ -> {});

    private final ManualClock clock = new ManualClock();
    private final ProxyHealth health = new ProxyHealth(Duration.ofSeconds(30), clock);
    private final ProxyMetrics metrics = new ProxyMetrics(ProxyMode.NFTABLES);
    private final List<String> failures = new ArrayList<>();
    private int port;
    private IpPort address;

    @BeforeEach
    void choosePort() throws IOException {
        port = FreePort.next();
        address = new IpPort(Ip.parse("127.0.0.1"), port);
    }

    private PageServer healthServer() {
        return PageServer.start(
                address, new HealthPages(health, metrics.served()::healthz, metrics.served()::livez), FATAL);
    }

    @Test
    void healthzAndLivezAnswerAsKubeProxyDoes() throws IOException, InterruptedException {
        health.updated(IpFamily.IPV4);
        try (PageServer _ = healthServer()) {
            HttpResponse<String> healthz = Asking.get(port, "/healthz");
            assertThat(healthz.statusCode()).isEqualTo(200);
            assertThat(healthz.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(healthz.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(healthz.body())
                    .isEqualTo("{\"lastUpdated\":\"2026-03-01T12:00:00Z\",\"currentTime\":\"2026-03-01T12:00:00Z\","
                            + "\"nodeEligible\":true,\"healthy\":true,"
                            + "\"status\":{\"IPv4\":{\"lastUpdated\":\"2026-03-01T12:00:00Z\",\"healthy\":true}}}");
            assertThat(Asking.get(port, "/livez").body())
                    .isEqualTo("{\"lastUpdated\":\"2026-03-01T12:00:00Z\",\"currentTime\":\"2026-03-01T12:00:00Z\","
                            + "\"healthy\":true,"
                            + "\"status\":{\"IPv4\":{\"lastUpdated\":\"2026-03-01T12:00:00Z\",\"healthy\":true}}}");
        }
    }

    @Test
    void aDeletedNodeFailsOnlyHealthz() throws IOException, InterruptedException {
        health.updated(IpFamily.IPV4);
        health.nodeEligible(false);
        clock.advance(Duration.ofMinutes(2));
        try (PageServer _ = healthServer()) {
            HttpResponse<String> healthz = Asking.get(port, "/healthz");
            assertThat(healthz.statusCode()).isEqualTo(503);
            assertThat(healthz.body())
                    .as("the last write of rules, since the answer is no")
                    .startsWith("{\"lastUpdated\":\"2026-03-01T12:00:00Z\",\"currentTime\":\"2026-03-01T12:02:00Z\","
                            + "\"nodeEligible\":false,\"healthy\":true");
            HttpResponse<String> livez = Asking.get(port, "/livez");
            assertThat(livez.statusCode()).isEqualTo(200);
            assertThat(livez.body())
                    .as("now, since the answer is yes")
                    .startsWith("{\"lastUpdated\":\"2026-03-01T12:02:00Z\"");
        }
        assertThat(metrics.text())
                .contains("kubeproxy_proxy_healthz_total{code=\"503\"} 1.0")
                .contains("kubeproxy_proxy_livez_total{code=\"200\"} 1.0");
    }

    @Test
    void oldRulesFailHealthzAndLivez() throws IOException, InterruptedException {
        health.updated(IpFamily.IPV4);
        health.queued(IpFamily.IPV4);
        clock.advance(Duration.ofMinutes(2));
        try (PageServer _ = healthServer()) {
            assertThat(Asking.get(port, "/healthz").statusCode()).isEqualTo(503);
            assertThat(Asking.get(port, "/livez").statusCode()).isEqualTo(503);
            assertThat(Asking.get(port, "/livez").body())
                    .startsWith("{\"lastUpdated\":\"2026-03-01T12:00:00Z\"")
                    .contains("\"healthy\":false");
        }
    }

    @Test
    void servesNoOtherPageOnTheHealthPort() throws IOException, InterruptedException {
        try (PageServer _ = healthServer()) {
            assertThat(Asking.get(port, "/").statusCode()).isEqualTo(404);
            assertThat(Asking.get(port, "/metrics").statusCode()).isEqualTo(404);
            assertThat(Asking.get(port, "/healthz/more").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void servesThePagesOfKubeProxysMetricsServer() throws IOException, InterruptedException {
        MetricsPages pages = new MetricsPages(
                ProxyMode.NFTABLES,
                metrics,
                () -> "{}",
                () -> new Readiness(false, "no list of Services yet"),
                new TreeMap<>(Map.of("/statusz", () -> "all is well\n")),
                new TreeMap<>(),
                null);
        try (PageServer _ = PageServer.start(address, pages, FATAL)) {
            assertThat(Asking.get(port, "/healthz").body()).isEqualTo("ok");
            HttpResponse<String> mode = Asking.get(port, "/proxyMode");
            assertThat(mode.body()).isEqualTo("nftables");
            assertThat(mode.headers().firstValue("Content-Type")).hasValue("text/plain");
            assertThat(mode.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(Asking.get(port, "/configz").body()).isEqualTo("{}");
            assertThat(Asking.get(port, "/statusz").body()).isEqualTo("all is well\n");
            assertThat(Asking.get(port, "/readyz").statusCode()).isEqualTo(503);
            assertThat(Asking.get(port, "/readyz").body()).isEqualTo("no list of Services yet\n");
            HttpResponse<String> scrape = Asking.get(port, "/metrics");
            assertThat(scrape.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            assertThat(scrape.body()).contains("process_resident_memory_bytes");
            HttpResponse<String> head = Asking.ask("HEAD", "http://127.0.0.1:" + port + "/metrics");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void servesTheSiteWithItsQueryAndHeaders() throws IOException, InterruptedException {
        MetricsPages pages = new MetricsPages(
                ProxyMode.NFTABLES,
                metrics,
                () -> "{}",
                () -> new Readiness(true, ""),
                new TreeMap<>(),
                new TreeMap<>(Map.of(
                        "/ui", request -> Page.text(200, request.query() + " " + request.host() + request.body()))),
                null);
        try (PageServer _ = PageServer.start(address, pages, FATAL)) {
            assertThat(Asking.get(port, "/ui?q=a%2Fb").body()).isEqualTo("q=a%2Fb 127.0.0.1:" + port);
            assertThat(Asking.get(port, "/ui").body()).isEqualTo(" 127.0.0.1:" + port);
            assertThat(Asking.get(port, "/ui/other").statusCode()).isEqualTo(404);
        }
        try (PageServer _ = PageServer.start(address, pages(null), FATAL)) {
            assertThat(Asking.get(port, "/ui").statusCode()).as("without --ui").isEqualTo(404);
        }
    }

    @Test
    void answers500ForAFailedPageAndServesTheNext() throws IOException, InterruptedException {
        MetricsPages pages = new MetricsPages(
                ProxyMode.NFTABLES,
                metrics,
                () -> {
                    throw new IllegalStateException("broken");
                },
                () -> new Readiness(true, ""),
                new TreeMap<>(),
                new TreeMap<>(),
                null);
        try (PageServer _ = PageServer.start(address, pages, FATAL)) {
            assertThat(Asking.get(port, "/configz").statusCode()).isEqualTo(500);
            assertThat(Asking.get(port, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aUsedPortIsFatalIfConfiguredSo() throws IOException {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(this::healthServer)
                    .isInstanceOf(BindFailedException.class)
                    .hasMessageContaining("healthz")
                    .hasMessageContaining(Integer.toString(port));
        }
    }

    @Test
    void retriesAUsedPort() throws IOException, InterruptedException {
        TreeMap<String, Page.Source> pages = new TreeMap<>();
        pages.put("/", _ -> Page.text(200, "here"));
        PageServer server;
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            server = PageServer.start(
                    "test", address, pages, new PageServer.OnFailure(false, failures::add), Duration.ofMillis(1));
            PageServer tried = server;
            await(() -> tried.attempts() > 3);
            assertThat(server.isListening()).isFalse();
        }
        try (server) {
            await(server::isListening);
            assertThat(Asking.get(port, "/").body()).isEqualTo("here");
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(5);
        }
    }

    private MetricsPages pages(DebugPages debug) {
        return new MetricsPages(
                ProxyMode.NFTABLES,
                metrics,
                () -> "{}",
                () -> new Readiness(true, "ok"),
                new TreeMap<>(Map.of("/flagz", () -> "v=4\n")),
                new TreeMap<>(),
                debug);
    }

    /** Tests statement HTTP-10 of docs/behaviour.md. */
    @Test
    void countsHealthChecksOfTheMetricsServerAsIndicators() throws IOException, InterruptedException {
        try (PageServer _ = PageServer.start(address, pages(null), FATAL)) {
            assertThat(Asking.get(port, "/healthz").body()).isEqualTo("ok");

            assertThat(Asking.get(port, "/metrics/slis").body())
                    .contains("kubernetes_healthcheck{name=\"ping\",type=\"healthz\"} 1.0")
                    .contains("kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"healthz\"} 1.0");
            assertThat(Asking.get(port, "/flagz").body()).isEqualTo("v=4\n");
        }
    }

    /** Tests statement HTTP-10 of docs/behaviour.md. */
    @Test
    void servesProfilesIfEnabledAndRefusesThoseThatAJvmLacks() throws IOException, InterruptedException {
        try (PageServer _ = PageServer.start(address, pages(new DebugPages(_ -> {})), FATAL)) {
            assertThat(Asking.get(port, "/debug/pprof/").body())
                    .contains("goroutine")
                    .contains("heap");
            assertThat(Asking.get(port, "/debug/pprof/goroutine").body())
                    .contains(Thread.currentThread().getName() + ": ")
                    .contains("    at ");
            assertThat(Asking.get(port, "/debug/pprof/heap").body())
                    .containsPattern("heap used +\\d+\n")
                    .contains("Pss:");
            assertThat(Asking.get(port, "/debug/pprof/cmdline").body()).contains("java");
            HttpResponse<String> profile = Asking.get(port, "/debug/pprof/profile");
            assertThat(profile.statusCode()).isEqualTo(501);
            assertThat(profile.body()).startsWith("profile: a JVM does not have this profile");
        }
        try (PageServer _ = PageServer.start(address, pages(null), FATAL)) {
            assertThat(Asking.get(port, "/debug/pprof/").statusCode()).isEqualTo(404);
            assertThat(Asking.get(port, "/debug/flags/v").statusCode()).isEqualTo(404);
        }
    }

    /** Tests statement HTTP-10 of docs/behaviour.md. */
    @Test
    void setsTheVerbosityOfTheLog() throws IOException, InterruptedException {
        List<Integer> put = new ArrayList<>();
        try (PageServer _ = PageServer.start(address, pages(new DebugPages(put::add)), FATAL)) {
            String page = "http://127.0.0.1:" + port + "/debug/flags/v";
            HttpResponse<String> answer = Asking.put(page, "5");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("successfully set klog.logging.verbosity to 5\n");
            assertThat(Asking.put(page, "much").statusCode()).isEqualTo(400);
            assertThat(Asking.ask("GET", page).statusCode()).isEqualTo(406);
        }
        assertThat(put).containsExactly(5);
    }

    /** Tests statement HTTP-1 of docs/behaviour.md. */
    @Test
    void aServerWithoutAddressDoesNotListen() {
        try (PageServer off = PageServer.start(null, pages(null), FATAL)) {
            assertThat(off.isListening()).isFalse();
        }
        assertThatThrownBy(() -> Asking.get(port, "/healthz")).isInstanceOf(IOException.class);
    }
}
