package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fairlead.agent.config.ConfigReader;
import io.fairlead.agent.config.KubeProxyConfig;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.watch.FakeApiServer;
import io.fairlead.agent.watch.Samples;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole agent but for the kernel: a fake API server, a kernel in memory, real HTTP. */
@Timeout(60)
class LiveAgentTest {
    private static final String LINE = "default/web:http cluster IP 10.96.0.10:80 -> ";

    private final FakeApiServer fake = new FakeApiServer();
    private final MemoryBackend backend = new MemoryBackend();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<LogLine> leftovers = new CopyOnWriteArrayList<>();
    private LiveAgent<MemoryBackend.Lines, MemoryBackend.Difference> agent;
    private Thread thread;
    private int healthz;
    private int metrics;

    @AfterEach
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.close();
            thread.join(Duration.ofSeconds(20));
            assertThat(thread.isAlive()).as("the agent ends when told").isFalse();
        }
        fake.close();
    }

    private void start() throws IOException {
        healthz = freePort();
        metrics = freePort();
        KubeProxyConfig config =
                ConfigReader.read("test", """
                        apiVersion: kubeproxy.config.k8s.io/v1alpha1
                        kind: KubeProxyConfiguration
                        mode: nftables
                        healthzBindAddress: 127.0.0.1:%d
                        metricsBindAddress: 127.0.0.1:%d
                        nftables: {syncPeriod: 1s}
                        """.formatted(healthz, metrics), null).config();
        AgentSettings settings = new AgentSettings(
                config,
                ProxyMode.NFTABLES,
                "node-a",
                fake.address(),
                false,
                "none-such",
                Duration.ofSeconds(2),
                false,
                AgentSettings.NODE_PATIENCE);
        AgentParts<MemoryBackend.Lines, MemoryBackend.Difference> parts = new AgentParts<>(
                _ -> backend,
                _ -> true,
                () -> List.of(Ip.parse("192.168.1.1")),
                () -> leftovers,
                line -> log.add(line.message()),
                _ -> {},
                () -> "");
        agent = new LiveAgent<>(settings, parts);
        thread = Thread.ofPlatform().start(agent::run);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private HttpResponse<String> get(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** 0 while nobody listens. */
    private int healthzStatus() {
        try {
            return get(healthz, "/healthz").statusCode();
        } catch (IllegalStateException _) {
            return 0;
        }
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what + "; log: " + log).isBefore(end);
            Thread.sleep(10);
        }
    }

    private void webWithTwoEndpoints() {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
    }

    @Test
    void writesRulesAndFollowsChanges() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("both endpoints", () -> backend.kernel().size() == 2);

        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        await("one endpoint", () -> backend.kernel().size() == 1);
        assertThat(backend.kernel()).containsExactly(LINE + "10.244.1.6:8080");

        fake.delete(Samples.service("web", ""));
        await("none", () -> backend.kernel().isEmpty());
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(metrics, "/metrics").body())
                .contains("kubeproxy_sync_proxy_rules_service_changes_total 2.0")
                .contains("kubeproxy_sync_proxy_rules_endpoint_changes_total 2.0")
                .contains("kubeproxy_sync_proxy_rules_service_changes_pending 0.0")
                .containsPattern("rest_client_requests_total\\{code=\"200\",host=\"127.0.0.1:\\d+\",method=\"GET\"} ");
        assertThat(get(metrics, "/statusz").body()).contains("node-a").contains("EndpointSlices");
        assertThat(get(metrics, "/configz").body())
                .contains("\"mode\":\"nftables\"")
                .contains("\"syncPeriod\":\"1s\"");
    }

    @Test
    void writesNothingBeforeItKnowsTheCluster() throws IOException, InterruptedException {
        fake.stop();
        webWithTwoEndpoints();
        start();
        await("the servers", () -> log.stream().anyMatch(line -> line.startsWith("started")));

        assertThat(get(healthz, "/healthz").statusCode())
                .as("as kube-proxy: start-up is healthy")
                .isEqualTo(200);
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(503);
        assertThat(backend.applied()).isZero();

        fake.start();
        await("rules", () -> backend.kernel().size() == 2);
        assertThat(backend.applied()).isEqualTo(1);
    }

    @Test
    void rulesOutliveTheApiServer() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        fake.stop();
        Thread.sleep(3_000);

        assertThat(backend.kernel()).hasSize(2);
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void refusedRulesAreTriedAgain() throws IOException, InterruptedException {
        backend.refuse(true);
        webWithTwoEndpoints();
        start();
        await("a refusal", () -> log.stream().anyMatch(line -> line.contains("told to refuse")));
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(503);
        await("two sync periods", () -> healthzStatus() == 503);

        backend.refuse(false);

        await("rules", () -> backend.kernel().size() == 2);
        await("health", () -> healthzStatus() == 200);
        assertThat(get(metrics, "/metrics").body()).contains("kubeproxy_sync_proxy_rules_nftables_sync_failures_total");
    }

    @Test
    void aNodeThatIsNotThereIsNotEligible() throws IOException, InterruptedException {
        start();
        await("the first view", () -> healthzStatus() == 503);
        assertThat(get(healthz, "/livez").statusCode()).isEqualTo(200);

        fake.put(Samples.node("node-a", "zone-1"));

        await("the Node", () -> healthzStatus() == 200);
    }

    @Test
    void servesHealthCheckNodePorts() throws IOException, InterruptedException {
        int port = freePort();
        webWithTwoEndpoints();
        fake.put(new ServiceBuilder(Samples.service("web", "10.96.0.10"))
                .editSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withHealthCheckNodePort(port)
                .endSpec()
                .build());
        start();
        await("rules", () -> backend.kernel().size() == 2);
        // nftables mode serves node ports on the node's primary address, which is not ours here (NP-7).
        await(
                "the failure to listen there",
                () -> fake.requests().stream()
                        .anyMatch(request -> request.startsWith("/apis/events.k8s.io/v1/namespaces/default/events")));
    }
}
