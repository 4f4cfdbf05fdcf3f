package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fairlead.agent.loop.FakeBackend;
import io.fairlead.agent.serve.FreePort;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.cluster.watch.WatchedKind;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests which rules the agent writes and when. The API server is fake, the kernel is in memory, and HTTP is real. */
@Timeout(60)
final class AgentRulesTest extends AgentFixture {

    @Test
    void waitsTheLeastTimeBetweenTwoRounds() throws IOException, InterruptedException {
        periods = "30s, minSyncPeriod: 3s";
        recheckEvery = Duration.ofMinutes(5); // a recheck would also be a round
        webWithTwoEndpoints();
        start();
        awaitAtOneMoment("rules", () -> backend.rules().size() == 2);

        fake.put(Samples.slice("web", "web-1", "10.244.1.5", "10.244.1.6", "10.244.1.7"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        awaitAtOneMoment("both changes", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_total") == 3);
        pass(Duration.ofMillis(2_999));
        assertThat(backend.applied()).as("before the least time is over").isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        awaitAtOneMoment("the second round", () -> backend.rules().size() == 1);
        assertThat(backend.applied())
                .as("two changes meanwhile are handled in one round")
                .isEqualTo(2);

        pass(Duration.ofSeconds(3));
        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        awaitAtOneMoment("the third round", () -> backend.rules().contains(LINE + "10.244.1.6:8080"));
    }

    @Test
    void writesRulesAndFollowsChanges() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("both endpoints", () -> backend.rules().size() == 2);

        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        await("one endpoint", () -> backend.rules().size() == 1);
        assertThat(backend.rules()).containsExactly(LINE + "10.244.1.6:8080");

        fake.delete(Samples.service("web", ""));
        await("none", () -> backend.rules().isEmpty());
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
    void writesNothingBeforeTheFirstCompleteView() throws IOException, InterruptedException {
        fake.stop();
        webWithTwoEndpoints();
        start();
        await("the servers", () -> log.messages().stream().anyMatch(line -> line.startsWith("started")));

        assertThat(get(healthz, "/healthz").statusCode())
                .as("as kube-proxy: start-up is healthy")
                .isEqualTo(200);
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(503);
        assertThat(backend.applied()).isZero();

        fake.start();
        await("rules", () -> backend.rules().size() == 2);
        assertThat(backend.applied()).isEqualTo(1);
    }

    /**
     * Tests that rules are not changed while endpoints are not known yet: the agent would remove all rules (SYNC-1).
     */
    @Test
    void keepsOldRulesUntilTheFirstCompleteView() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);
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
        assertThat(backend.rules()).hasSize(2);

        fake.refuse(WatchedKind.SLICES, 200);
        await("the whole cluster", () -> readyz().equals("ok\n"));
        assertThat(backend.applied()).as("there is nothing to write").isEqualTo(1);
    }

    @Test
    void repairsRemovedRulesAtOnceAndLogsTheProgram() throws IOException, InterruptedException {
        recheckEvery = Duration.ofHours(1);
        webWithTwoEndpoints();
        start();
        await("both endpoints", () -> backend.rules().size() == 2);

        backend.takeAway(LINE + "10.244.1.5:8080", "nft (process 7)");

        await("what was taken", () -> backend.rules().size() == 2);
        await(
                "a line of the log",
                () -> log.messages().stream()
                        .anyMatch(line ->
                                line.startsWith("repaired after nft (process 7) had changed the rules: +1 -0 lines")));
    }

    @Test
    void keepsRulesWhileTheApiServerIsAbsent() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);

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

        assertThat(backend.rules()).hasSize(2);
        assertThat(backend.applied()).isEqualTo(1);
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void retriesRefusedRules() throws IOException, InterruptedException {
        recheckEvery = Duration.ofHours(1); // so that no recheck causes a round
        backend.refusing = true;
        webWithTwoEndpoints();
        start();
        await("a refusal", () -> log.messages().stream().anyMatch(line -> line.contains("refused by the test")));
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(503);
        await("two sync periods", () -> healthzStatus() == 503);
        await(
                "a second attempt",
                () -> metric("kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"}") > 1);

        backend.refusing = false;

        await("rules", () -> backend.rules().size() == 2);
        await("health", () -> healthzStatus() == 200);
        assertThat(metric("kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family=\"IPv4\"}"))
                .isFinite()
                .isGreaterThan(1);
    }

    /** Tests statement SVC-6 of docs/behaviour.md. */
    @Test
    void removesRulesWhileAServiceHasAProxyLabel() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);

        fake.put(new ServiceBuilder(Samples.service("web", "10.96.0.10"))
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "")
                .endMetadata()
                .build());
        await("none", () -> backend.rules().isEmpty());

        fake.put(Samples.service("web", "10.96.0.10"));
        await("rules again", () -> backend.rules().size() == 2);
    }

    /** Tests statements TP-23 and TP-24 of docs/behaviour.md. */
    @Test
    void usesOnlyTheZoneOfItsOwnNode() throws Exception {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(inZones("zone-1", "10.244.1.5", "zone-2", "10.244.1.6"));
        fake.put(Samples.node("node-a", "zone-1"));
        start();
        await("the endpoint of zone 1", () -> backend.rules().equals(Set.of(LINE + "10.244.1.5:8080")));
        int writes = backend.applied();

        fake.put(Samples.node("node-b", "zone-2"));
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editMetadata()
                .addToLabels("beta.kubernetes.io/os", "linux")
                .endMetadata()
                .build());
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a round", () -> log.messages().stream().anyMatch(line -> line.contains("Service default/other")));
        assertThat(backend.applied()).isEqualTo(writes);
        assertThat(log.messages().stream().filter(line -> line.contains("default/web")))
                .hasSize(1);

        fake.put(Samples.node("node-a", "zone-2"));
        await("the endpoint of zone 2", () -> backend.rules().equals(Set.of(LINE + "10.244.1.6:8080")));

        fake.delete(Samples.node("node-a", "zone-2"));
        await("both", () -> backend.rules().size() == 2);
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

    /** Tests statement NP-20 of docs/behaviour.md. */
    @Test
    void opensNoSocketForANodePort() throws Exception {
        mode = ProxyMode.IPTABLES; // in this mode, node ports are on all addresses
        AtomicBoolean over = new AtomicBoolean();
        removeLeftovers = () -> over.set(true);
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
        await("rules", () -> backend.rules().size() == 4);
        await("what comes after the rules", over::get);

        assertThatCode(() -> new ServerSocket(port).close())
                .as("another program can have it")
                .doesNotThrowAnyException();
    }

    /** Tests statement NP-8 of docs/behaviour.md. */
    @Test
    void continuesIfInterfacesCannotBeListed() throws Exception {
        interfaces.set(0, "no address");
        webWithTwoEndpoints();
        start();

        await("rules", () -> backend.rules().size() == 2);

        assertThat(log.messages()).anyMatch(line -> line.startsWith("cannot list the addresses of interfaces"));
    }

    /**
     * Tests that a second agent can run on the same node, as with kube-proxy. The program that starts agents must
     * prevent this (EVT-7).
     */
    @Test
    void twoAgentsCanRun() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);
        Agent<FakeBackend.Rules, FakeBackend.Edits> first = agent;
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
        assertThat(backend.rules()).hasSize(2);
    }
}
