package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import io.fairlead.lab.Conversation;
import io.fairlead.linux.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests real connections from a node to node ports at its own loopback addresses, with an agent. */
@NeedsRoot
@Timeout(180)
final class LocalhostNodePortTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String GATE = "--feature-gates=KubeProxyNFTablesLocalhostNodePorts=true";
    private static final String LOOPBACK = "--nodeport-addresses=primary,localhost";
    private static final int METRICS = 10249;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @CsvSource({"TCP, IPV4", "TCP, IPV6", "UDP, IPV4", "UDP, IPV6"})
    void isServedInNftablesModeIfGateAndAddressesSaySo(Protocol protocol, IpFamily family) throws IOException {
        try (World world = world(ProxyMode.NFTABLES);
                NodeProcess agent = agent(world, ProxyMode.NFTABLES, "Cluster", GATE, LOOPBACK)) {
            IpPort port = localhost(family);
            Await.until(() -> answer(world, protocol, port).startsWith("pod-"), START, agent::log);
            Set<String> answers = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                answers.add(answer(world, protocol, port));
            }
            assertThat(answers).as(agent.log()).containsExactlyInAnyOrder("pod-1", "pod-of-b");
            assertThat(metrics(world))
                    .contains("kubeproxy_nftables_localhost_nodeport_listeners{ip_family=\"" + text(family) + "\"} 2")
                    .contains("kubeproxy_nftables_localhost_nodeport_listener_creation_failures_total{ip_family=\""
                            + text(family) + "\"} 0");
        }
    }

    @Test
    void goesToEndpointsOfThisNodeUnderPolicyLocal() throws IOException {
        try (World world = world(ProxyMode.NFTABLES);
                NodeProcess agent = agent(world, ProxyMode.NFTABLES, "Local", GATE, LOOPBACK)) {
            IpPort port = localhost(IpFamily.IPV4);
            Await.until(() -> answer(world, Protocol.TCP, port).equals("pod-1"), START, agent::log);
            for (int i = 0; i < 20; i++) {
                assertThat(answer(world, Protocol.TCP, port)).isEqualTo("pod-1");
                assertThat(answer(world, Protocol.UDP, port)).isEqualTo("pod-1");
            }
        }
    }

    @Test
    void followsTheService() throws IOException {
        try (World world = world(ProxyMode.NFTABLES);
                NodeProcess agent = agent(world, ProxyMode.NFTABLES, "Cluster", GATE, LOOPBACK)) {
            IpPort port = localhost(IpFamily.IPV4);
            Await.until(() -> answer(world, Protocol.TCP, port).startsWith("pod-"), START, agent::log);
            try (Conversation open = world.node().converse(null, port, PATIENCE)) {
                String who = open.who();
                show("");
                Await.until(() -> !answer(world, Protocol.TCP, port).startsWith("pod-"), START, agent::log);
                assertThat(answer(world, Protocol.TCP, port)).isEqualTo("refused");
                assertThat(open.who()).as("no clean-up cuts a connection").isEqualTo(who);
            }
        }
    }

    /**
     * As in kube-proxy 1.37, the feature gate is off by default. If it is on, it has no effect unless a loopback range
     * is given explicitly.
     */
    @ParameterizedTest
    @CsvSource({GATE + ",", "," + LOOPBACK, GATE + ",'--nodeport-addresses=0.0.0.0/0,::/0'"})
    void isNotServedOtherwise(String gate, String addresses) throws IOException {
        try (World world = world(ProxyMode.NFTABLES);
                NodeProcess agent = agent(world, ProxyMode.NFTABLES, "Cluster", gate, addresses)) {
            IpPort node = new IpPort(Ip.parse("192.168.0.10"), 30080);
            if (addresses == null || !addresses.equals(LOOPBACK)) {
                Await.until(() -> answer(world, Protocol.TCP, node).startsWith("pod-"), START, agent::log);
            } else {
                Await.until(() -> agent.log().contains("applied"), START, agent::log);
            }
            assertThat(answer(world, Protocol.TCP, localhost(IpFamily.IPV4))).isEqualTo("refused");
            assertThat(metrics(world)).doesNotContain("localhost_nodeport");
        }
    }

    /** Tests NP-21 and CT-16. The test fails if the kernel has no nfacct. */
    @Test
    void isCountedInIptablesModeAndSoAreInvalidPackets() throws IOException {
        try (World world = world(ProxyMode.IPTABLES)) {
            world.node().sysctl("netfilter/nf_conntrack_tcp_loose", "0");
            try (NodeProcess agent = agent(world, ProxyMode.IPTABLES, "Cluster", null, null)) {
                IpPort port = localhost(IpFamily.IPV4);
                Await.until(() -> answer(world, Protocol.TCP, port).startsWith("pod-"), START, agent::log);
                double before = metric(world, "kubeproxy_iptables_localhost_nodeports_accepted_packets_total");
                for (int i = 0; i < 5; i++) {
                    assertThat(answer(world, Protocol.TCP, port)).startsWith("pod-");
                }
                assertThat(metric(world, "kubeproxy_iptables_localhost_nodeports_accepted_packets_total"))
                        .isEqualTo(before + 5);

                String dropped = "kubeproxy_iptables_ct_state_invalid_dropped_packets_total";
                assertThat(metric(world, dropped)).isZero();
                Ip client = Ip.parse("203.0.113.9");
                IpPort pod = IpPort.parse("10.244.1.11:8080");
                try (Conversation conversation = world.owner(client).converse(client, pod, Duration.ofMillis(500))) {
                    assertThat(conversation.who()).isEqualTo("pod-1");
                    world.nodeRunner().run(Command.of("conntrack", "-D", "-f", "ipv4", "-p", "tcp"));
                    try {
                        conversation.who();
                    } catch (IOException _) {
                        // the packet is dropped, as expected
                    }
                }
                assertThat(metric(world, dropped)).isPositive();
            }
        }
    }

    private static World world(ProxyMode mode) {
        World world = new World(mode);
        for (String endpoint : List.of(
                "10.244.1.11:8080", "[fd00:10:244:1::11]:8080", "10.244.2.11:8080", "[fd00:10:244:2::11]:8080")) {
            IpPort at = IpPort.parse(endpoint);
            String name = endpoint.contains("244.2") || endpoint.contains("244:2") ? "pod-of-b" : "pod-1";
            for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                world.owner(at.ip()).listen(protocol, at, name);
            }
        }
        return world;
    }

    private NodeProcess agent(World world, ProxyMode mode, String policy, String... flags) throws IOException {
        show(service(policy));
        List<String> words = new ArrayList<>(List.of(
                "agent",
                "--source",
                folder.resolve("objects").toString(),
                "--node-name",
                World.NODE_NAME,
                "--proxy-mode",
                mode.text(),
                "--cluster-cidr",
                "10.244.0.0/16,fd00:10:244::/48",
                "--metrics-bind-address=127.0.0.1:" + METRICS));
        for (String flag : flags) {
            if (flag != null) {
                words.add(flag);
            }
        }
        return NodeProcess.fairlead(world.node().namespace(), folder.resolve("agent.log"), words);
    }

    private void show(String yaml) throws IOException {
        Files.createDirectories(folder.resolve("objects"));
        Path fresh = Files.writeString(folder.resolve("fresh"), NODE + yaml);
        Files.move(
                fresh,
                folder.resolve("objects/cluster.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static final String NODE = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-a}
            status:
              addresses:
                - {type: InternalIP, address: 192.168.0.10}
                - {type: InternalIP, address: "fd00:192:168::10"}
            """;

    private static String service(String policy) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: web}
                spec:
                  type: NodePort
                  externalTrafficPolicy: %s
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10, "fd00:10:96::10"]
                  ipFamilies: [IPv4, IPv6]
                  ports:
                    - {name: tcp, protocol: TCP, port: 80, nodePort: 30080}
                    - {name: udp, protocol: UDP, port: 80, nodePort: 30080}
                """.formatted(policy)
                + slice("IPv4", "10.244.1.11", "10.244.2.11")
                + slice("IPv6", "fd00:10:244:1::11", "fd00:10:244:2::11");
    }

    private static String slice(String type, String here, String there) {
        return """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: default, name: web-%s, labels: {kubernetes.io/service-name: web}}
                addressType: %s
                ports:
                  - {name: tcp, protocol: TCP, port: 8080}
                  - {name: udp, protocol: UDP, port: 8080}
                endpoints:
                  - {addresses: ["%s"], nodeName: node-a}
                  - {addresses: ["%s"], nodeName: node-b}
                """.formatted(type.toLowerCase(Locale.ROOT), type, here, there);
    }

    private static IpPort localhost(IpFamily family) {
        return new IpPort(Ip.parse(family == IpFamily.IPV4 ? "127.0.0.1" : "::1"), 30080);
    }

    private static String text(IpFamily family) {
        return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }

    private static String answer(World world, Protocol protocol, IpPort to) {
        return switch (world.node().ask(protocol, null, to, PATIENCE)) {
            case Answer.Answered answered -> answered.by();
            case Answer other -> other.text();
        };
    }

    private static String metrics(World world) {
        return world.node().inside(() -> {
            try (InputStream page = URI.create("http://127.0.0.1:" + METRICS + "/metrics")
                    .toURL()
                    .openStream()) {
                return new String(page.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    private static double metric(World world, String name) {
        return metrics(world)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
