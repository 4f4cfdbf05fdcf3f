package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.serve.FreePort;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.agent.time.ManualTime;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.cluster.watch.WatchedKind;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole agent but for the kernel: a fake API server, a kernel in memory, real HTTP. */
@Timeout(60)
class LiveAgentTest {
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final String LINE = "default/web:http cluster IP 10.96.0.10:80 -> ";

    private final ManualTime time = new ManualTime();
    private final FakeApiServer fake = new FakeApiServer();
    private final MemoryBackend backend = new MemoryBackend();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<LogLine> leftovers = new CopyOnWriteArrayList<>();
    private LiveAgent<MemoryBackend.Lines, MemoryBackend.Difference> agent;
    private final List<String> interfaces = new CopyOnWriteArrayList<>(List.of("192.168.1.1"));
    private volatile IpFamily primary;
    private boolean dual = true;
    private NodeSetup node;
    private ProxyMode mode = ProxyMode.NFTABLES;
    private CompletableFuture<String> ended;
    private Thread thread;
    private Duration recheckEvery = Duration.ofSeconds(2);
    private String periods = "1s";
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
        start("", false, AgentSettings.NODE_PATIENCE);
    }

    private void start(String fields, boolean dryRun, Duration nodePatience) throws IOException {
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
                config, mode, "node-a", fake.address(), false, "none-such", recheckEvery, dryRun, nodePatience);
        AgentParts<MemoryBackend.Lines, MemoryBackend.Difference> parts = new AgentParts<>(
                node,
                family -> {
                    primary = family;
                    return backend;
                },
                _ -> dual,
                () -> interfaces.stream().map(Ip::parse).toList(),
                () -> leftovers,
                line -> log.add(line.message()),
                _ -> {},
                () -> "",
                time);
        agent = new LiveAgent<>(settings, parts);
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

    private List<JsonNode> events(String reason) {
        return fake.created().stream()
                .filter(event -> event.path("reason").asString().equals(reason))
                .toList();
    }

    /** NaN while nobody listens, or if there is none. */
    private double metric(String line) {
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

    /** "" while nobody listens. */
    private String readyz() {
        try {
            return get(metrics, "/readyz").body();
        } catch (IllegalStateException _) {
            return "";
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

    /** Time passes meanwhile, but never while the agent is at work: a slow machine changes nothing. */
    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, condition, STEP);
    }

    private void awaitAtOneMoment(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, condition, Duration.ZERO);
    }

    private void await(String what, BooleanSupplier condition, Duration step) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what + "; log: " + log).isBefore(end);
            if (time.isWaiting(thread)) {
                time.advance(step);
            }
            Thread.sleep(POLL);
        }
    }

    /** Lets time pass and the agent do what is due then. */
    private void pass(Duration duration) throws InterruptedException {
        awaitAtOneMoment("the end of a round", () -> time.isWaiting(thread));
        time.advance(duration);
        awaitAtOneMoment("the end of a round", () -> time.isWaiting(thread));
    }

    private void webWithTwoEndpoints() {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
    }

    @Test
    void betweenTwoRoundsIsTheLeastTimeUnlessItWasQuietForLonger() throws IOException, InterruptedException {
        periods = "30s, minSyncPeriod: 3s";
        recheckEvery = Duration.ofMinutes(5); // reading the kernel again is a round, too
        webWithTwoEndpoints();
        start();
        awaitAtOneMoment("rules", () -> backend.kernel().size() == 2);

        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6", "10.244.1.7"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        awaitAtOneMoment("both changes", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_total") == 3);
        pass(Duration.ofMillis(2_999));
        assertThat(backend.applied()).as("before the least time is over").isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        awaitAtOneMoment("the second round", () -> backend.kernel().size() == 1);
        assertThat(backend.applied())
                .as("two changes meanwhile are one round's")
                .isEqualTo(2);

        pass(Duration.ofSeconds(3));
        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        awaitAtOneMoment("the third round", () -> backend.kernel().contains(LINE + "10.244.1.6:8080"));
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

    /** SYNC-1: a Node and Services without their endpoints would be a reason to take all of it away. */
    @Test
    void rulesOfBeforeStayUntilAllOfTheClusterIsKnown() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);
        stop();
        fake.start();
        fake.refuse(WatchedKind.SLICES, 500);
        int requests = fake.requests().size();
        healthz = 0;
        metrics = 0;

        start();
        await("Services", () -> metric("kubeproxy_sync_proxy_rules_service_changes_total") == 1);
        await(
                "slices have been asked for again",
                () -> fake.requests().stream()
                                .skip(requests)
                                .filter(request -> request.contains("/endpointslices"))
                                .count()
                        > 2);
        assertThat(backend.applied()).isEqualTo(1);
        assertThat(backend.kernel()).hasSize(2);

        fake.refuse(WatchedKind.SLICES, 200);
        await("the whole cluster", () -> readyz().equals("ok\n"));
        assertThat(backend.applied()).as("there is nothing to write").isEqualTo(1);
    }

    @Test
    void whatSomebodyElseTakesAwayIsPutBackAtOnceAndTheLogSaysWhoItWas() throws IOException, InterruptedException {
        recheckEvery = Duration.ofHours(1);
        webWithTwoEndpoints();
        start();
        await("both endpoints", () -> backend.kernel().size() == 2);

        backend.takeAway(LINE + "10.244.1.5:8080", "nft (process 7)");

        await("what was taken", () -> backend.kernel().size() == 2);
        await(
                "a line of the log",
                () -> log.stream()
                        .anyMatch(line ->
                                line.startsWith("repaired after nft (process 7) had changed the rules: +1 -0 lines")));
    }

    @Test
    void rulesOutliveTheApiServer() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        fake.stop();
        await(
                "the loss of every watch",
                () -> get(metrics, "/statusz")
                                .body()
                                .lines()
                                .filter(line -> line.contains("; failing: "))
                                .count()
                        == 4);
        pass(Duration.ofHours(1));

        assertThat(backend.kernel()).hasSize(2);
        assertThat(backend.applied()).isEqualTo(1);
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void refusedRulesAreTriedAgain() throws IOException, InterruptedException {
        recheckEvery = Duration.ofHours(1); // another reason for a round
        backend.refuse(true);
        webWithTwoEndpoints();
        start();
        await("a refusal", () -> log.stream().anyMatch(line -> line.contains("told to refuse")));
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(503);
        await("two sync periods", () -> healthzStatus() == 503);
        await(
                "a second attempt",
                () -> metric("kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"}") > 1);

        backend.refuse(false);

        await("rules", () -> backend.kernel().size() == 2);
        await("health", () -> healthzStatus() == 200);
        assertThat(metric("kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"}"))
                .isFinite()
                .isGreaterThan(1);
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
    void aHealthCheckPortThatCannotBeServedIsReportedInAnEventOnItsService() throws IOException, InterruptedException {
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));
        start();
        await("rules", () -> backend.kernel().size() == 2);
        // nftables mode serves node ports on the node's primary address, which is not ours here (NP-7).
        await("the Event", () -> !events("FailedToStartServiceHealthcheck").isEmpty());

        JsonNode event = events("FailedToStartServiceHealthcheck").getFirst();
        assertThat(event.path("regarding").path("name").asString()).isEqualTo("web");
        assertThat(event.path("note").asString()).contains(Integer.toString(port));
    }

    /** EVT-1, EVT-4. */
    @Test
    void tellsOfItsStartInAnEventOnTheNode() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("the Event", () -> !events("Starting").isEmpty());

        JsonNode event = events("Starting").getFirst();
        assertThat(event.path("apiVersion").asString()).isEqualTo("events.k8s.io/v1");
        assertThat(event.path("type").asString()).isEqualTo("Normal");
        assertThat(event.path("action").asString()).isEqualTo("StartKubeProxy");
        assertThat(event.path("reportingController").asString()).isEqualTo("kube-proxy");
        assertThat(event.path("reportingInstance").asString()).isEqualTo("kube-proxy-node-a");
        assertThat(event.path("regarding").path("kind").asString()).isEqualTo("Node");
        assertThat(event.path("regarding").path("name").asString()).isEqualTo("node-a");
        assertThat(event.path("regarding").path("uid").asString()).isEqualTo("node-a");
    }

    /** HTTP-11, EVT-2. */
    @Test
    void aTakenHealthPortEndsTheAgentAfterAnEventIfSo() throws Exception {
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            healthz = taken.getLocalPort();
            start("bindAddressHardFail: true\n", false, AgentSettings.NODE_PATIENCE);

            assertThat(ended.get(20, TimeUnit.SECONDS)).startsWith("BindFailedException: cannot serve healthz on ");
        }
        assertThat(backend.applied()).isZero();
        JsonNode event = events("FailedToStartProxierHealthcheck").getFirst();
        assertThat(event.path("type").asString()).isEqualTo("Warning");
        assertThat(event.path("action").asString()).isEqualTo("StartKubeProxy");
        assertThat(event.path("note").asString()).contains(Integer.toString(healthz));
    }

    /** HTTP-11, EVT-2. */
    @Test
    void aTakenMetricsPortIsToldAndDoesNotStopTheRulesOtherwise() throws Exception {
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            metrics = taken.getLocalPort();
            start();
            await("rules", () -> backend.kernel().size() == 2);
            await("the Event", () -> !events("FailedToStartMetricServer").isEmpty());
        }
        await("another try", () -> !Double.isNaN(metric("process_start_time_seconds")));
        assertThat(events("FailedToStartMetricServer")).hasSize(1);
    }

    /** PROTO-9. */
    @Test
    void waitsForItsNodeBeforeItWrites() throws Exception {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        start();
        await("the view", () -> readyz().contains("waiting for Node node-a"));
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .withNewStatus()
                .endStatus()
                .build());
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a change after the Node's", () -> metric("kubeproxy_sync_proxy_rules_service_changes_total") == 2);
        assertThat(ended).as("a Node without addresses is not enough").isNotDone();
        assertThat(backend.applied()).isZero();

        fake.put(Samples.node("node-a", "zone-1"));

        await("rules", () -> backend.kernel().size() == 1);
    }

    /** PROTO-9. */
    @Test
    void endsIfItsNodeDoesNotCome() throws Exception {
        fake.put(Samples.node("node-b", "zone-1"));
        start("", false, Duration.ofMinutes(5));
        awaitAtOneMoment("waiting for the Node", () -> readyz().contains("waiting for Node node-a"));
        pass(Duration.ofSeconds(299));
        assertThat(ended).isNotDone();
        time.advance(Duration.ofSeconds(1));

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .startsWith("AgentEndedException: Node node-a was not there with addresses for 300 s");
        assertThat(backend.applied()).isZero();
    }

    /** MQ-11. */
    @Test
    void withNodeCidrItWaitsForPodCidrs() throws Exception {
        webWithTwoEndpoints();
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .withNewSpec()
                .endSpec()
                .build());
        start("detectLocalMode: NodeCIDR\n", false, AgentSettings.NODE_PATIENCE);
        await("the view", () -> readyz().contains("waiting for Node node-a"));
        assertThat(backend.applied()).isZero();

        fake.put(Samples.node("node-a", "zone-1"));

        await("rules", () -> backend.kernel().size() == 2);
    }

    /** PROTO-7. */
    @Test
    void theNodesFirstAddressSaysWhichFamilyIsPrimary() throws Exception {
        webWithTwoEndpoints();
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editStatus()
                .withAddresses(new NodeAddressBuilder()
                        .withType("InternalIP")
                        .withAddress("fd00::1")
                        .build())
                .endStatus()
                .withNewSpec()
                .endSpec()
                .build());
        start();
        await("rules", () -> backend.kernel().size() == 2);

        assertThat(primary).isEqualTo(IpFamily.IPV6);
    }

    /** PROTO-10. */
    @Test
    void aClusterCidrOfTheWrongFamilyEndsANodeWithOneFamily() throws Exception {
        dual = false;
        webWithTwoEndpoints();
        start("clusterCIDR: fd00:10::/56\n", false, AgentSettings.NODE_PATIENCE);

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .isEqualTo("AgentEndedException: this node is IPv4-only, but clusterCIDR has only IPv6 ranges");
        assertThat(backend.applied()).isZero();
    }

    /** SVC-6. */
    @Test
    void aProxyLabelThatComesTakesTheRulesAwayAndBackWhenItGoes() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        fake.put(new ServiceBuilder(Samples.service("web", "10.96.0.10"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "")
                .endMetadata()
                .build());
        await("none", () -> backend.kernel().isEmpty());

        fake.put(Samples.service("web", "10.96.0.10"));
        await("rules again", () -> backend.kernel().size() == 2);
    }

    /** EPS-16: the annotation of what was there before the start says nothing about this agent. */
    @Test
    void theTriggerTimeOfAChangeFeedsTheLatency() throws Exception {
        webWithTwoEndpoints();
        fake.put(triggered("web-1", "2026-01-01T00:00:00Z", "10.244.1.5", "10.244.1.6"));
        start();
        await("rules", () -> backend.kernel().size() == 2);
        String count = "kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"}";
        assertThat(metric(count)).isNaN();

        fake.put(triggered("web-1", "2026-01-01T00:00:01Z", "10.244.1.8"));
        await("another endpoint", () -> backend.kernel().size() == 1);
        fake.put(triggered("web-1", time.instant().toString(), "10.244.1.6"));
        await("one endpoint", () -> backend.kernel().contains(LINE + "10.244.1.6:8080"));
        await("the latency", () -> metric(count) == 1);
        fake.put(triggered("web-1", "yesterday", "10.244.1.7"));
        await("the other", () -> backend.kernel().contains(LINE + "10.244.1.7:8080"));

        assertThat(metric(count)).isEqualTo(1);
        assertThat(metric("kubeproxy_network_programming_duration_seconds_sum{ip_family=\"IPv4\"}"))
                .isBetween(0.0, 30.0);
    }

    private static EndpointSlice triggered(String name, String time, String... addresses) {
        return new EndpointSliceBuilder(Samples.slice("web", name, addresses))
                .editMetadata()
                .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", time)
                .endMetadata()
                .build();
    }

    /** HTTP-6. */
    @Test
    void aNodeThatGoesIsNotEligible() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);
        await("health", () -> healthzStatus() == 200);

        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editSpec()
                .addNewTaint()
                .withKey("ToBeDeletedByClusterAutoscaler")
                .withEffect("NoSchedule")
                .endTaint()
                .endSpec()
                .build());
        await("the taint", () -> healthzStatus() == 503);
        fake.put(Samples.node("node-a", "zone-1"));
        await("health", () -> healthzStatus() == 200);
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editMetadata()
                .withDeletionTimestamp("2026-11-24T10:00:00Z")
                .endMetadata()
                .build());
        await("the deletion", () -> healthzStatus() == 503);
        fake.put(Samples.node("node-a", "zone-1"));
        await("health", () -> healthzStatus() == 200);
        fake.delete(Samples.node("node-a", "zone-1"));
        await("the end", () -> healthzStatus() == 503);

        assertThat(get(healthz, "/livez").statusCode()).isEqualTo(200);
        assertThat(backend.kernel()).as("rules stay").hasSize(2);
    }

    /** HTTP-1. */
    @Test
    void theHealthPortHasNoOtherPage() throws Exception {
        webWithTwoEndpoints();
        start("enableProfiling: true\n", false, AgentSettings.NODE_PATIENCE);
        await("rules", () -> backend.kernel().size() == 2);

        for (String path : List.of("/", "/metrics", "/readyz", "/statusz", "/configz", "/debug/pprof/")) {
            assertThat(get(healthz, path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get(metrics, "/debug/pprof/goroutine").body()).contains("LiveAgent");
        assertThat(get(metrics, "/flagz").statusCode()).isEqualTo(200);
    }

    /** CFG-16. */
    @Test
    void pagesWhoseGateIsOffAreNotThere() throws Exception {
        webWithTwoEndpoints();
        start("featureGates: {ComponentFlagz: false, ComponentStatusz: false}\n", false, AgentSettings.NODE_PATIENCE);
        await("rules", () -> backend.kernel().size() == 2);

        assertThat(get(metrics, "/flagz").statusCode()).isEqualTo(404);
        assertThat(get(metrics, "/statusz").statusCode()).isEqualTo(404);
        assertThat(get(metrics, "/proxyMode").statusCode()).isEqualTo(200);
    }

    /** MET-4, MET-5. */
    @Test
    void changesAreCountedAndNothingIsPendingAfterASync() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);
        await("nothing pending", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 0);
        double before = metric("kubeproxy_sync_proxy_rules_endpoint_changes_total");

        backend.refuse(true);
        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        await("a slice is pending", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 1);
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a Service too", () -> metric("kubeproxy_sync_proxy_rules_service_changes_pending") == 1);
        assertThat(metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending"))
                .isEqualTo(1);
        backend.refuse(false);
        await("the rules", () -> backend.kernel().size() == 1);

        await(
                "nothing pending",
                () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 0
                        && metric("kubeproxy_sync_proxy_rules_service_changes_pending") == 0);
        assertThat(metric("kubeproxy_sync_proxy_rules_endpoint_changes_total")).isEqualTo(before + 1);
    }

    /** NP-8. */
    @Test
    void interfacesThatCannotBeListedEndNothing() throws Exception {
        interfaces.set(0, "no address");
        webWithTwoEndpoints();
        start();

        await("rules", () -> backend.kernel().size() == 2);

        assertThat(log).anyMatch(line -> line.startsWith("cannot list the addresses of interfaces"));
    }

    @Test
    void conntracksStateIsExported() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        assertThat(metric("fairlead_conntrack_reconciler_last_success_age_seconds"))
                .isFinite()
                .isNotNegative();
        assertThat(metric("fairlead_conntrack_reconciler_waiting_seconds"))
                .isFinite()
                .isNotNegative();
    }

    @Test
    void aDryRunWritesNothingAndSaysWhatDiffers() throws Exception {
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("lb", "10.96.0.12", FreePort.next()));
        leftovers.add(LogLine.info("the other mode's rules are gone"));
        start("", true, AgentSettings.NODE_PATIENCE);

        await("a look", () -> log.stream().anyMatch(line -> line.startsWith("dry run: ")));
        await("metrics", () -> metric("fairlead_dry_run_services{state=\"different\"}") == 0);

        assertThat(get(metrics, "/diff").body()).contains("compared at ").contains("lines that Fairlead would write");
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
        assertThat(metric("fairlead_dry_run_lines{direction=\"add\",ip_family=\"IPv4\",place=\"other\"}"))
                .isEqualTo(2);
        agent.close();
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("stopped");
        assertThat(backend.applied()).isZero();
        assertThat(backend.kernel()).isEmpty();
        assertThat(fake.created()).as("no Event").isEmpty();
        assertThat(log).doesNotContain("the other mode's rules are gone");
    }

    /** LBF-10, LBF-19, LBF-20. */
    @Test
    void healthCheckNodePortsAreOnTheChosenAddressesAndFollowSuccessfulSyncs() throws Exception {
        mode = ProxyMode.IPTABLES;
        interfaces.set(0, "127.0.0.1");
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));
        start("nodePortAddresses: [127.0.0.0/8]\n", false, AgentSettings.NODE_PATIENCE);
        await("the port", () -> weight(port).equals("2"));
        assertThatThrownBy(() -> new Socket("127.0.0.2", port)).isInstanceOf(ConnectException.class);

        backend.refuse(true);
        fake.put(Samples.slice("web", "web-1"));
        await("a refusal", () -> log.stream().anyMatch(line -> line.contains("told to refuse")));
        assertThat(weight(port)).as("the rules still lead here").isEqualTo("2");

        backend.refuse(false);
        await("no endpoint here", () -> weight(port).equals("0"));
        assertThat(get(port, "/").statusCode()).isEqualTo(503);
    }

    /** LBF-10: the kubelet and load balancers ask whether the node's own addresses can be listed or not. */
    @Test
    void healthCheckNodePortsAreEverywhereIfNoAddressCanBeListed() throws Exception {
        mode = ProxyMode.IPTABLES;
        interfaces.set(0, "no address");
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));

        start("nodePortAddresses: [192.168.0.0/16]\n", false, AgentSettings.NODE_PATIENCE);

        await("the port", () -> weight(port).equals("2"));
    }

    private static Service localLoadBalancer(String name, String clusterIp, int healthCheckNodePort) {
        return new ServiceBuilder(Samples.service(name, clusterIp))
                .editSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withHealthCheckNodePort(healthCheckNodePort)
                .endSpec()
                .build();
    }

    private String weight(int port) {
        try {
            return get(port, "/")
                    .headers()
                    .firstValue("X-Load-Balancing-Endpoint-Weight")
                    .orElse("");
        } catch (IllegalStateException _) {
            return "";
        }
    }

    /** LBF-18, EVT-3. */
    @Test
    @SuppressWarnings("try") // the port is given back in the middle
    void aHealthCheckPortThatIsTakenIsToldInAnEventOnItsServiceAndTriedAgain() throws Exception {
        mode = ProxyMode.IPTABLES;
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0)) {
            fake.put(localLoadBalancer("web", "10.96.0.10", taken.getLocalPort()));
            start();
            await("the Event", () -> !events("FailedToStartServiceHealthcheck").isEmpty());
            JsonNode event = events("FailedToStartServiceHealthcheck").getFirst();
            assertThat(event.path("type").asString()).isEqualTo("Warning");
            assertThat(event.path("action").asString()).isEqualTo("Listen");
            assertThat(event.path("metadata").path("namespace").asString()).isEqualTo("default");
            assertThat(event.path("regarding").path("kind").asString()).isEqualTo("Service");
            assertThat(event.path("regarding").path("name").asString()).isEqualTo("web");
            taken.close();

            fake.put(Samples.slice("web", "web-2", "10.244.1.7"));

            await("the port", () -> weight(taken.getLocalPort()).equals("3"));
        }
        assertThat(events("FailedToStartServiceHealthcheck")).hasSize(1);
    }

    /** NP-20. */
    @Test
    void noSocketHoldsANodePort() throws Exception {
        mode = ProxyMode.IPTABLES; // where node ports are on every address, this machine's too
        leftovers.add(LogLine.info("the first round is over"));
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(new ServiceBuilder(Samples.service("web", "10.96.0.10"))
                .editSpec()
                .withType("NodePort")
                .editFirstPort()
                .withNodePort(port)
                .endPort()
                .endSpec()
                .build());
        start();
        await("rules", () -> backend.kernel().size() == 4);
        await("what comes after the rules", () -> log.contains("the first round is over"));

        assertThatCode(() -> new ServerSocket(port).close())
                .as("somebody else can have it")
                .doesNotThrowAnyException();
    }

    /** TP-23, TP-24. */
    @Test
    void theZoneOfItsOwnNodeCountsAndNothingElseOfNodes() throws Exception {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(inZones("zone-1", "10.244.1.5", "zone-2", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
        start();
        await("the endpoint of zone 1", () -> backend.kernel().equals(Set.of(LINE + "10.244.1.5:8080")));
        int writes = backend.applied();

        fake.put(Samples.node("node-b", "zone-2"));
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editMetadata()
                .addToLabels("beta.kubernetes.io/os", "linux")
                .endMetadata()
                .build());
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a round", () -> log.stream().anyMatch(line -> line.contains("Service default/other")));
        assertThat(backend.applied()).isEqualTo(writes);
        assertThat(log.stream().filter(line -> line.contains("default/web"))).hasSize(1);

        fake.put(Samples.node("node-a", "zone-2"));
        await("the endpoint of zone 2", () -> backend.kernel().equals(Set.of(LINE + "10.244.1.6:8080")));

        fake.delete(Samples.node("node-a", "zone-2"));
        await("both", () -> backend.kernel().size() == 2);
    }

    private static EndpointSlice inZones(String zone, String address, String otherZone, String otherAddress) {
        EndpointSlice slice = Samples.slice("web", "web-1", address, otherAddress);
        slice.getEndpoints().getFirst().setHints(hints(zone));
        slice.getEndpoints().getLast().setHints(hints(otherZone));
        return slice;
    }

    private static EndpointHints hints(String zone) {
        return new EndpointHintsBuilder().addNewForZone(zone).build();
    }

    /** MET-3. */
    @Test
    void onlyServicesWithEndpointsCountAsWithoutLocalOnes() throws Exception {
        fake.put(Samples.node("node-a", "zone-1"));
        fake.put(local("web", "10.96.0.10"));
        start();
        String internal =
                "kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"internal\"}";
        await("a sync", () -> metric(internal) == 0);

        EndpointSlice elsewhere = Samples.slice("web", "web-1", "10.244.2.5");
        elsewhere.getEndpoints().getFirst().setNodeName("node-b");
        fake.put(elsewhere);
        await("one", () -> metric(internal) == 1);

        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        await("none", () -> metric(internal) == 0);
        assertThat(metric(internal.replace("internal", "external"))).isZero();
    }

    private static io.fabric8.kubernetes.api.model.Service local(String name, String clusterIp) {
        return new ServiceBuilder(Samples.service(name, clusterIp))
                .editSpec()
                .withInternalTrafficPolicy("Local")
                .endSpec()
                .build();
    }

    /** NP-14. */
    @Test
    void withoutRouteLocalnetItEndsBeforeItWrites(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        Files.delete(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet"));
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .startsWith("AgentEndedException: ")
                .contains("route_localnet");
        assertThat(backend.applied()).isZero();
    }

    /** CT-15. */
    @Test
    void liberalTcpFoundAtStartStopsTheDropOfInvalidPackets(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        NodePreparationTest.write(root, "proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", "1");
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        assertThat(backend.dropsInvalid()).isFalse();
    }

    /** CT-15: and they are dropped otherwise. */
    @Test
    void withStrictTcpInvalidPacketsAreDropped(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);

        assertThat(backend.dropsInvalid()).isTrue();
        assertThat(Files.readString(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet")))
                .isEqualTo("1\n");
    }

    @Test
    void aDryRunSetsNothingOfTheNode(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start("", true, AgentSettings.NODE_PATIENCE);
        await("a look", () -> log.stream().anyMatch(line -> line.startsWith("dry run: ")));

        assertThat(Files.readString(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet")))
                .isEqualTo("0\n");
        assertThat(Files.readString(root.resolve("proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait")))
                .isEqualTo("60\n");
        assertThat(Files.readString(root.resolve("proc/self/oom_score_adj"))).isEqualTo("0\n");
    }

    /** EVT-7: as with kube-proxy, it is up to whoever starts them. */
    @Test
    void nothingIsLockedAgainstASecondAgent() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.kernel().size() == 2);
        LiveAgent<MemoryBackend.Lines, MemoryBackend.Difference> first = agent;
        Thread firstThread = thread;
        try {
            healthz = 0;
            metrics = 0;
            start();

            await("the second", () -> readyz().equals("ok\n"));
        } finally {
            first.stop();
            firstThread.join(Duration.ofSeconds(20));
        }
        assertThat(backend.kernel()).hasSize(2);
    }
}
