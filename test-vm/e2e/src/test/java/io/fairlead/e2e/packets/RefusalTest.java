package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the answer to packets for a Service without endpoints. A TCP client gets a reset and no ICMP error: Linux
 * ignores an ICMP error that arrives while connect() holds the socket, so the client would wait until it sends its
 * first packet again.
 */
@NeedsRoot
final class RefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int NODE_PORT = 30_080;
    private static final int UDP_NODE_PORT = 30_053;

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void tcpIsResetAndUdpGetsAnIcmpError(ProxyMode mode, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        Ip clusterIp = Ip.parse(four ? "10.96.0.10" : "fd00:10:96::10");
        Ip node = Ip.parse(four ? "192.168.0.10" : "fd00:192:168::10");
        try (World world = new World(mode)) {
            world.kernel().bring(world.plan(cluster()));
            LabHost outside = world.owner(Ip.parse(four ? "203.0.113.9" : "2001:db8:113::9"));
            for (LabHost client : List.of(world.visitor(), world.node(), outside)) {
                for (IpPort to : List.of(new IpPort(clusterIp, 80), new IpPort(node, NODE_PORT))) {
                    assertThat(icmpErrors(client, Protocol.TCP, to, family))
                            .as("ICMP errors from %s to %s", client, to)
                            .isZero();
                }
                for (IpPort to : List.of(new IpPort(clusterIp, 53), new IpPort(node, UDP_NODE_PORT))) {
                    assertThat(icmpErrors(client, Protocol.UDP, to, family))
                            .as("ICMP errors from %s to %s", client, to)
                            .isPositive();
                }
            }
        }
    }

    /** Sends one packet that must be refused, and returns how many ICMP errors the client's kernel received. */
    private static long icmpErrors(LabHost client, Protocol protocol, IpPort to, IpFamily family) {
        long before = received(client, family);
        Answer answer = client.ask(protocol, null, to, PATIENCE);
        assertThat(answer).as("%s from %s to %s", protocol, client, to).isInstanceOf(Answer.Refused.class);
        return received(client, family) - before;
    }

    private static long received(LabHost host, IpFamily family) {
        return switch (family) {
            case IPV4 ->
                host.inside(() -> {
                    List<String[]> rows = Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                            .filter(line -> line.startsWith("Icmp:"))
                            .map(line -> line.split(" ", -1))
                            .toList();
                    return Long.parseLong(
                            rows.get(1)[Arrays.asList(rows.getFirst()).indexOf("InDestUnreachs")]);
                });
            case IPV6 ->
                host.inside(() -> Files.readAllLines(Path.of("/proc/thread-self/net/snmp6")).stream()
                        .filter(line -> line.startsWith("Icmp6InDestUnreachs"))
                        .map(line -> line.replaceFirst("\\S+\\s+", "").strip())
                        .mapToLong(Long::parseLong)
                        .sum());
        };
    }

    private static ClusterState cluster() {
        ServiceObject idle = but(alsoAt(service("idle", "10.96.0.10"), "fd00:10:96::10"))
                .nodePort(NODE_PORT)
                .ports(
                        new ServiceObject.Port("http", Protocol.TCP, 80, NODE_PORT),
                        new ServiceObject.Port("dns", Protocol.UDP, 53, UDP_NODE_PORT))
                .done();
        return ClusterState.of(Map.of(idle.name(), idle), Map.of(), Map.of(), Map.of());
    }
}
