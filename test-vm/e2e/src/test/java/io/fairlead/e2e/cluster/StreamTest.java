package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the agent with a thousand changed slices per second, more than an API server sends. The agent must merge the
 * changes and not fall behind. At the same time one Service moves repeatedly between two pods, and the test measures
 * how long a client waits for each move.
 *
 * <p>{@code -Dstream.seconds=60} runs the long form.
 */
@NeedsRoot
@Tag("slow")
@Timeout(240)
final class StreamTest {
    private static final int SECONDS = Integer.getInteger("stream.seconds", 20);
    private static final int PER_SECOND = 1000;
    private static final int SERVICES = 2000;
    private static final int TICKS_PER_SECOND = 100;
    private static final List<String> PODS = List.of("10.244.1.11", "10.244.1.12");
    private static final IpPort PROBED = IpPort.parse("10.96.255.1:80");
    private static final Duration LATER = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private record Streamed(long changes, double seconds) {}

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void noLagGrows(ProxyMode mode) throws Exception {
        try (World world = new World(mode);
                FakeApiServer server = world.node().inside(FakeApiServer::new);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            server.put(read("""
                    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"},
                     "status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.10"}]}}"""));
            PODS.forEach(pod -> world.listen(Protocol.TCP, IpPort.parse(pod + ":8080")));
            for (int i = 0; i < SERVICES; i++) {
                server.put(service("s-" + i, "10.96." + i / 250 + "." + (i % 250 + 1)));
                server.put(slice("s-" + i, pod(i, 0)));
            }
            server.put(service("probed", PROBED.ip().toString()));
            server.put(slice("probed", PODS.get(0)));
            try (NodeProcess agent = agent(world, server, mode)) {
                Await.until(() -> isAnsweredBy(world, "pod-1"), LATER, agent::log);
                long rounds = agent.count(" applied: ");
                AtomicBoolean done = new AtomicBoolean();
                Future<Streamed> stream = threads.submit(() -> stream(server, done));
                List<Duration> lags = lags(world, server, agent);
                done.set(true);
                Streamed streamed = stream.get();
                rounds = agent.count(" applied: ") - rounds;
                report(mode, streamed, rounds, lags);

                List<Duration> early = lags.subList(0, lags.size() / 3);
                List<Duration> late = lags.subList(lags.size() * 2 / 3, lags.size());
                assertThat(late).hasSizeGreaterThan(2);
                assertThat(median(late))
                        .isLessThan(median(early).multipliedBy(3).plusMillis(300));
                assertThat(rounds).as("rounds, which merge changes").isLessThan(streamed.changes() / 2);
                assertThat(agent.stop()).isZero();
                assertThat(agent.log()).doesNotContain("failed:");
            }
        }
    }

    private static void report(ProxyMode mode, Streamed streamed, long rounds, List<Duration> lags) {
        System.out.printf(
                Locale.ROOT,
                "stream, %s: %,d changes in %.0f s, %,d rounds; %d probes, a change seen after %d ms (median), %d ms (longest)%n",
                mode.text(),
                streamed.changes(),
                streamed.seconds(),
                rounds,
                lags.size(),
                median(lags).toMillis(),
                Collections.max(lags).toMillis());
    }

    private NodeProcess agent(World world, FakeApiServer server, ProxyMode mode) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: fake, cluster: {server: "%s"}}]
                contexts: [{name: fake, context: {cluster: fake, user: user}}]
                current-context: fake
                users: [{name: user, user: {}}]
                """.formatted(server.address()));
        return NodeProcess.fairlead(
                world.node().namespace(),
                folder.resolve("agent.log"),
                List.of(
                        "agent",
                        "--kubeconfig=" + kubeconfig,
                        "--hostname-override=node-a",
                        "--proxy-mode=" + mode.text(),
                        "--cluster-cidr=10.244.0.0/16",
                        "--conntrack-max-per-core=0",
                        "--metrics-bind-address=127.0.0.1:10249"));
    }

    /** Sends all changes that are due, a hundred times per second. */
    private static Streamed stream(FakeApiServer server, AtomicBoolean done) {
        long begun = System.nanoTime();
        long sent = 0;
        while (!done.get()) {
            long due = (System.nanoTime() - begun) * PER_SECOND / 1_000_000_000L;
            for (; sent < due; sent++) {
                int service = (int) (sent % SERVICES);
                server.put(slice("s-" + service, pod(service, sent / SERVICES + 1)));
            }
            LockSupport.parkNanos(1_000_000_000L / TICKS_PER_SECOND);
        }
        return new Streamed(sent, (System.nanoTime() - begun) / 1e9);
    }

    private static List<Duration> lags(World world, FakeApiServer server, NodeProcess agent) {
        List<Duration> lags = new ArrayList<>();
        long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        for (int turn = 1; System.nanoTime() < until; turn++) {
            int pod = turn % 2;
            long begun = System.nanoTime();
            server.put(slice("probed", PODS.get(pod)));
            Await.until(() -> isAnsweredBy(world, "pod-" + (pod + 1)), LATER, agent::log);
            lags.add(Duration.ofNanos(System.nanoTime() - begun));
            LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        }
        return lags;
    }

    private static boolean isAnsweredBy(World world, String pod) {
        return world.visitor().ask(Protocol.TCP, null, PROBED, Duration.ofMillis(400))
                        instanceof Answer.Answered answered
                && answered.by().equals(pod);
    }

    private static Duration median(List<Duration> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Returns an address at which there is no pod. For these Services only the rules matter. */
    private static String pod(int service, long version) {
        return "10.244." + (2 + service / 125) + "." + (service % 125 * 2L + version % 2 + 1);
    }

    private static HasMetadata read(String json) {
        return Serialization.unmarshal(json, HasMetadata.class);
    }

    private static HasMetadata service(String name, String address) {
        return read("""
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "namespace": "default"},
                 "spec": {"clusterIP": "%s", "clusterIPs": ["%s"], "ipFamilies": ["IPv4"], "type": "ClusterIP",
                  "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}]}}""".formatted(name, address, address));
    }

    private static HasMetadata slice(String service, String pod) {
        return read("""
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                 "metadata": {"name": "%s-1", "namespace": "default", "labels": {"kubernetes.io/service-name": "%s"}},
                 "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                 "endpoints": [{"addresses": ["%s"], "conditions": {"ready": true}, "nodeName": "node-a"}]}""".formatted(service, service, pod));
    }
}
