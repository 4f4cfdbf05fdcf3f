package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a network that drops all packets between an agent and a real API server. Neither gets an error from the
 * network.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Tag("real")
@Timeout(240)
final class DeadConnectionTest {
    private static final String WEB = "10.96.7.1:80";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration NOTICED = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void aConnectionThatDiesInSilenceIsOpenedAgain() {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, ControlPlane.ADMINISTRATOR);
            Await.until(() -> cluster.answers(WEB, "pod-1"), START, agent::log);
            List<String> connections = connections(cluster);
            assertThat(connections).as("one HTTP/2 connection for all watches").hasSize(1);

            String port = connections.getFirst().split(" ", -1)[0].replaceFirst(".*:", "");
            swallow(cluster, "tcp sport " + port, "tcp dport " + port);
            cluster.replaceSlice("web", "10.244.1.12");

            Duration took = Await.until(() -> cluster.answers(WEB, "pod-2"), NOTICED, agent::log);
            System.out.printf(
                    "dead connection: a change arrived %d ms after the network began to drop packets%n",
                    took.toMillis());
            assertThat(connections(cluster)).doesNotContainAnyElementsOf(connections);
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void anAddressOfTheServerThatDiesIsLeft() throws IOException {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            // Packets to both addresses reach the server.
            nft(cluster, """
                    table ip second {
                      chain prerouting {
                        type nat hook prerouting priority dstnat
                        ip daddr %s dnat to %s
                      }
                    }
                    """.formatted(ControlPlane.SECOND_ADDRESS, ControlPlane.ADDRESS));
            NodeProcess agent = agentByName(cluster);
            try (agent) {
                Await.until(() -> cluster.answers(WEB, "pod-1"), START, agent::log);
                String used =
                        connections(cluster).getFirst().split(" ", -1)[1].replaceFirst("^.*?([0-9.]+)\\]?:6443$", "$1");

                swallow(cluster, "ip daddr " + used, "ip saddr " + used);
                cluster.replaceSlice("web", "10.244.1.12");

                Duration took = Await.until(() -> cluster.answers(WEB, "pod-2"), NOTICED, agent::log);
                System.out.printf(
                        "dead address: a change arrived %d ms after the network began to drop packets%n",
                        took.toMillis());
                assertThat(agent.stop()).isZero();
            }
        }
    }

    @Test
    void anAddressThatWasNeverAliveCostsMoments() throws IOException {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            swallow(cluster, "ip daddr " + ControlPlane.SECOND_ADDRESS, "ip saddr " + ControlPlane.SECOND_ADDRESS);
            try (NodeProcess agent = agentByName(cluster)) {
                Await.until(() -> cluster.answers(WEB, "pod-1"), NOTICED, agent::log);
                assertThat(agent.stop()).isZero();
            }
        }
    }

    /** Starts an agent whose kubeconfig has the server as a host name with two addresses. */
    private NodeProcess agentByName(RealCluster cluster) throws IOException {
        Path hosts = Files.writeString(
                folder.resolve("hosts"), """
                %s api.test
                %s api.test
                """.formatted(ControlPlane.SECOND_ADDRESS, ControlPlane.ADDRESS));
        Path kubeconfig = Files.writeString(
                folder.resolve("by-name.conf"),
                Files.readString(cluster.plane().kubeconfig(ControlPlane.ADMINISTRATOR))
                        .replace(ControlPlane.address(), "https://api.test:6443"));
        return NodeProcess.fairlead(
                cluster.world().node().namespace(),
                folder.resolve("fairlead.log"),
                List.of("JAVA_TOOL_OPTIONS=-Djdk.net.hosts.file=" + hosts),
                List.of(
                        "agent",
                        "--kubeconfig=" + kubeconfig,
                        "--hostname-override=node-a",
                        "--proxy-mode=nftables",
                        "--cluster-cidr=10.244.0.0/16",
                        "--conntrack-max-per-core=0",
                        "--metrics-bind-address=127.0.0.1:10249"));
    }

    /**
     * Returns the agent's connections to the server. Each consists of local address and port, a blank, and remote
     * address and port.
     */
    private static List<String> connections(RealCluster cluster) {
        return run(cluster.world().node().namespace(), Command.of("ss", "-Htn", "state", "established", "dport = 6443"))
                .lines()
                .map(line -> {
                    String[] words = line.strip().split("\\s+", -1);
                    return words[2] + " " + words[3];
                })
                .toList();
    }

    /** Makes the server's host drop packets that match an expression of nft, with one expression for each direction. */
    private static void swallow(RealCluster cluster, String incoming, String outgoing) {
        nft(cluster, """
                table ip silence {
                  chain in {
                    type filter hook prerouting priority raw
                    %s drop
                  }
                  chain out {
                    type filter hook postrouting priority 300
                    %s drop
                  }
                }
                """.formatted(incoming, outgoing));
    }

    private static void nft(RealCluster cluster, String rules) {
        run(cluster.plane().namespace(), Command.of("nft", "-f", "-").withInput(rules));
    }

    private static String run(String namespace, Command command) {
        ProcessResult result = new ExecProcessRunner().inNamespace(namespace).run(command);
        assertThat(result.succeeded())
                .as(command.text() + ": " + result.error())
                .isTrue();
        return result.output();
    }
}
