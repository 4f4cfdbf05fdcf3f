package io.fairlead.e2e.faults;

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
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests HTTP/1.1 connections whose packets are dropped. HTTP/1.1 has no ping, so the kernel's keep-alive probes must
 * detect such connections.
 */
@NeedsRoot
@Timeout(120)
final class DeadPlainConnectionTest {
    private static final IpPort WEB = IpPort.parse("10.96.7.1:80");
    private static final Duration START = Duration.ofSeconds(60);
    /** The time limit for detecting a dead connection. The kernel's probes end after 22 s; the rest is for a retry. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void watchesThatDieInSilenceAreOpenedAgain() {
        try (World world = new World(ProxyMode.NFTABLES);
                FakeApiServer server = world.node().inside(FakeApiServer::new)) {
            List.of("10.244.1.11", "10.244.1.12")
                    .forEach(pod -> world.listen(Protocol.TCP, IpPort.parse(pod + ":8080")));
            server.put(read("""
                    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"},
                     "status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.10"}]}}"""));
            server.put(read("""
                    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "default"},
                     "spec": {"clusterIP": "10.96.7.1", "clusterIPs": ["10.96.7.1"], "ipFamilies": ["IPv4"],
                      "type": "ClusterIP",
                      "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}]}}"""));
            server.put(slice("10.244.1.11"));
            try (NodeProcess agent = agent(world, server)) {
                Await.until(() -> isAnsweredBy(world, "pod-1"), START, agent::log);

                swallow(world, URI.create(server.address()).getPort());
                server.put(slice("10.244.1.12"));

                Duration took = Await.until(() -> isAnsweredBy(world, "pod-2"), NOTICED, agent::log);
                System.out.printf(
                        "dead HTTP/1.1 watches: a change came %d ms after the silence began%n", took.toMillis());
                assertThat(agent.stop()).isZero();
            }
        }
    }

    private NodeProcess agent(World world, FakeApiServer server) {
        return NodeProcess.fairlead(
                world.node().namespace(),
                folder.resolve("agent.log"),
                List.of(
                        "agent",
                        "--master=" + server.address(),
                        "--hostname-override=node-a",
                        "--proxy-mode=nftables",
                        "--cluster-cidr=10.244.0.0/16",
                        "--conntrack-max-per-core=0",
                        "--metrics-bind-address=127.0.0.1:10249"));
    }

    /** Drops the packets of all connections to a port that are open now. */
    private static void swallow(World world, int port) {
        String namespace = world.node().namespace();
        String ports = run(namespace, Command.of("ss", "-Htn", "state", "established", "dport = " + port))
                .lines()
                .map(line -> line.strip().split("\\s+", -1)[2].replaceFirst(".*:", ""))
                .collect(Collectors.joining(", "));
        assertThat(ports).isNotEmpty();
        run(namespace, Command.of("nft", "-f", "-").withInput("""
                table inet silence {
                  chain in {
                    type filter hook input priority 0
                    tcp sport { %s } drop
                    tcp dport { %s } drop
                  }
                }
                """.formatted(ports, ports)));
    }

    private static String run(String namespace, Command command) {
        ProcessResult result = new ExecProcessRunner().inNamespace(namespace).run(command);
        assertThat(result.succeeded())
                .as(command.text() + ": " + result.error())
                .isTrue();
        return result.output();
    }

    private static boolean isAnsweredBy(World world, String pod) {
        return world.visitor().ask(Protocol.TCP, null, WEB, Duration.ofMillis(400)) instanceof Answer.Answered answered
                && answered.by().equals(pod);
    }

    private static HasMetadata slice(String pod) {
        return read("""
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                 "metadata": {"name": "web-1", "namespace": "default", "labels": {"kubernetes.io/service-name": "web"}},
                 "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                 "endpoints": [{"addresses": ["%s"], "conditions": {"ready": true}, "nodeName": "node-a"}]}""".formatted(pod));
    }

    private static HasMetadata read(String json) {
        return Serialization.unmarshal(json, HasMetadata.class);
    }
}
