package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.agent.loop.FakeBackend;
import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.serve.FreePort;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServedRanges;
import io.fairlead.linux.time.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;

/**
 * The base class of tests that run an agent in this JVM. The agent has a fake API server or files, a kernel in memory,
 * real HTTP, and a clock that advances while a test waits.
 */
abstract class AgentFixture {
    static final Duration NODE_PATIENCE = AgentSettings.Source.ApiServer.NODE_PATIENCE;
    static final Duration STEP = Duration.ofMillis(50);
    static final Duration POLL = Duration.ofMillis(5);
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final String LINE = "cluster IP 10.96.0.10:80 -> ";

    final ManualTime time = new ManualTime();
    final FakeApiServer fake = new FakeApiServer();
    final FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
    final CapturedLog log = new CapturedLog(time);
    volatile Runnable removeLeftovers = () -> {};
    List<CountedPackets> counted = List.of();
    Agent<FakeBackend.Rules, FakeBackend.Edits> agent;
    final List<String> interfaces = new CopyOnWriteArrayList<>(List.of("192.168.1.1"));
    volatile IpFamily primary;
    boolean dual = true;
    NodeSetup node;
    List<Path> files = List.of();
    ProxyMode mode = ProxyMode.NFTABLES;
    CompletableFuture<String> ended;
    Thread thread;
    Duration recheckEvery = Duration.ofSeconds(2);
    String periods = "1s";
    int healthz;
    int metrics;

    @AfterEach
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.close();
            thread.join(Duration.ofSeconds(20));
            assertThat(thread.isAlive()).as("the agent ends when it is stopped").isFalse();
        }
        fake.close();
        log.close();
    }

    void start() throws IOException {
        start("", false, NODE_PATIENCE);
    }

    void start(String fields, boolean dryRun, Duration nodePatience) throws IOException {
        healthz = healthz == 0 ? FreePort.next() : healthz;
        metrics = metrics == 0 ? FreePort.next() : metrics;
        KubeProxyConfig config = ConfigReader.read(
                        "test",
                        ("""
                        apiVersion: kubeproxy.config.k8s.io/v1alpha1
                        kind: KubeProxyConfiguration
                        mode: %1$s
                        healthzBindAddress: 127.0.0.1:%2$d
                        metricsBindAddress: 127.0.0.1:%3$d
                        %1$s: {syncPeriod: %4$s}
                        """.formatted(mode.text(), healthz, metrics, periods) + fields)
                                .getBytes(StandardCharsets.UTF_8))
                .config();
        AgentSettings settings = new AgentSettings(
                config,
                mode,
                ServedRanges.ALL,
                "node-a",
                files.isEmpty()
                        ? new AgentSettings.Source.ApiServer(fake.address(), false, nodePatience)
                        : new AgentSettings.Source.Files(files, false, Duration.ofMillis(20)),
                "none-such",
                recheckEvery,
                dryRun);
        AgentEnvironment<FakeBackend.Rules, FakeBackend.Edits> environment = new AgentEnvironment<>(
                node,
                family -> {
                    primary = family;
                    return backend.backend();
                },
                _ -> dual,
                () -> interfaces.stream().map(Ip::parse).toList(),
                counted,
                () -> removeLeftovers.run(),
                _ -> {},
                () -> "",
                Site.NONE,
                time);
        agent = new Agent<>(settings, environment);
        ended = new CompletableFuture<>();
        thread = Thread.ofPlatform().start(() -> {
            try {
                agent.run();
                ended.complete("stopped");
            } catch (RuntimeException e) {
                ended.complete(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        });
    }

    List<JsonNode> events(String reason) {
        return fake.created().stream()
                .filter(event -> event.path("reason").asString().equals(reason))
                .toList();
    }

    /** Returns the value of a metric; NaN if the metric does not exist or the agent does not listen. */
    double metric(String line) {
        try {
            return get(metrics, "/metrics")
                    .body()
                    .lines()
                    .filter(text -> text.startsWith(line + " "))
                    .mapToDouble(text -> Double.parseDouble(text.substring(line.length() + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IllegalStateException _) {
            return Double.NaN;
        }
    }

    HttpResponse<String> get(int port, String path) {
        try {
            return HTTP.send(
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

    /** Returns the body of the answer of /readyz; "" if the agent does not listen. */
    String readyz() {
        try {
            return get(metrics, "/readyz").body();
        } catch (IllegalStateException _) {
            return "";
        }
    }

    /** Returns the HTTP status of /healthz; 0 if the agent does not listen. */
    int healthzStatus() {
        try {
            return get(healthz, "/healthz").statusCode();
        } catch (IllegalStateException _) {
            return 0;
        }
    }

    /**
     * Waits for a condition. The clock advances during the wait, but only while the agent also waits. Therefore the
     * result does not depend on the speed of the machine.
     */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, condition, STEP);
    }

    void await(String what, BooleanSupplier condition, Duration step) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what + "; log: " + log.lines()).isBefore(end);
            if (time.isWaiting(thread)) {
                time.advance(step);
            }
            Thread.sleep(POLL);
        }
    }

    void awaitAtOneMoment(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, condition, Duration.ZERO);
    }

    /** Advances the clock, and waits until the agent has done all work that is due. */
    void pass(Duration duration) throws InterruptedException {
        awaitAtOneMoment("the end of a round", () -> time.isWaiting(thread));
        time.advance(duration);
        awaitAtOneMoment("the end of a round", () -> time.isWaiting(thread));
    }

    void webWithTwoEndpoints() {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
    }

    static Service localLoadBalancer(String name, String clusterIp, int healthCheckNodePort) {
        return new ServiceBuilder(Samples.service(name, clusterIp))
                .editSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withHealthCheckNodePort(healthCheckNodePort)
                .endSpec()
                .build();
    }

    String weight(int port) {
        try {
            return get(port, "/")
                    .headers()
                    .firstValue("X-Load-Balancing-Endpoint-Weight")
                    .orElse("");
        } catch (IllegalStateException _) {
            return "";
        }
    }
}
