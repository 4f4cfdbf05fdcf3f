package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests protocols other than TCP and UDP. */
@NeedsRoot
final class OtherProtocolsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SOURCE_PORT = 40_000;
    private static final int NODE_PORT = 30_080;

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void anSctpAssociationBeginsAtTheEndpoint(ProxyMode mode, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        Ip pod = Ip.parse(four ? "10.244.1.11" : "fd00:10:244:1::11");
        Ip visitor = Ip.parse(four ? "10.244.1.200" : "fd00:10:244:1::c8");
        Ip outsider = Ip.parse(four ? "203.0.113.9" : "2001:db8:113::9");
        try (World world = new World(mode)) {
            world.kernel().bring(world.plan(cluster(family, pod)));
            try (RawSctp server = new RawSctp(world.owner(pod), pod);
                    RawSctp near = new RawSctp(world.visitor(), visitor);
                    RawSctp far = new RawSctp(world.owner(outsider), outsider)) {
                near.send(SOURCE_PORT, new IpPort(Ip.parse(four ? "10.96.0.10" : "fd00:10:96::10"), 80));
                assertThat(server.receive(PATIENCE))
                        .as("through the cluster IP, not masqueraded")
                        .contains(new RawSctp.Init(SOURCE_PORT, 8080, true));
                far.send(SOURCE_PORT, new IpPort(Ip.parse(four ? "192.168.0.10" : "fd00:192:168::10"), NODE_PORT));
                assertThat(server.receive(PATIENCE)).as("through the node port").hasValueSatisfying(init -> {
                    assertThat(init.destinationPort()).isEqualTo(8080);
                    assertThat(init.checksumIsRight()).isTrue();
                });
                near.send(SOURCE_PORT + 1, new IpPort(Ip.parse(four ? "10.96.0.10" : "fd00:10:96::10"), 81));
                assertThat(server.receive(Duration.ofMillis(300)))
                        .as("through another port of the cluster IP")
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void pingIsNeverTranslatedAndRefusedByNftablesAlone(ProxyMode mode, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        Ip pod = Ip.parse(four ? "10.244.1.11" : "fd00:10:244:1::11");
        byte[] clusterIp = Ip.parse(four ? "10.96.0.10" : "fd00:10:96::10").bytes();
        try (World world = new World(mode)) {
            // Without rules, the host "internet", which has the address, answers.
            assertThat(world.visitor()
                            .inside(() -> InetAddress.getByAddress(clusterIp).isReachable(5_000)))
                    .as("without rules")
                    .isTrue();
            world.kernel().bring(world.plan(cluster(family, pod)));
            boolean passes = mode == ProxyMode.IPTABLES;
            assertThat(world.visitor()
                            .inside(() -> InetAddress.getByAddress(clusterIp).isReachable(passes ? 5_000 : 500)))
                    .isEqualTo(passes);
        }
    }

    private static ClusterState cluster(IpFamily family, Ip pod) {
        ServiceObject web = but(alsoAt(service("web", "10.96.0.10"), "fd00:10:96::10"))
                .nodePort(NODE_PORT)
                .ports(new ServiceObject.Port("http", Protocol.SCTP, 80, NODE_PORT))
                .done();
        SliceObject slice = new SliceObject(
                web.name(),
                "web",
                family,
                List.of(new SliceObject.Port("http", Protocol.SCTP, 8080)),
                List.of(ready(pod.toString())));
        return ClusterState.of(Map.of(web.name(), web), Map.of(slice.key(), slice), Map.of(), Map.of());
    }
}
