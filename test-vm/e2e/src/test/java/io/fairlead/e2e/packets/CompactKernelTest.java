package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Connecting;
import io.fairlead.e2e.fixtures.FlowCheck;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the compact layout, in which some or all endpoints have no chain, in both families and with both variants of
 * iptables. The Service has two endpoints on another node, one on this node, and one whose node is unknown.
 */
@NeedsRoot
final class CompactKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PORT = 8080;
    private static final int NODE_PORT = 30080;
    private static final int SWITCHES = 8;

    /**
     * The number of connections. With the bound of {@link DistributionTest}, it detects shares below 18.9 % and above
     * 31.8 % if 25 % is expected.
     */
    private static final int CONNECTIONS = 1_500;

    private static final String HERE = "10.244.1.11";
    private static final String HERE_6 = "fd00:10:244:1::11";
    private static final List<String> ELSEWHERE = List.of("10.244.2.11", "192.168.0.11");
    private static final List<String> ELSEWHERE_6 = List.of("fd00:10:244:2::11", "fd00:192:168::11");
    private static final String SOMEWHERE = "203.0.113.50";
    private static final String SOMEWHERE_6 = "2001:db8:113::50";

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "NFT"})
    void modelTracersAndKernelAgreeAlsoWhereAnEndpointReachesItself(Variant variant) {
        try (World world = new World(ProxyMode.IPTABLES)) {
            Kernel<?, ?> kernel = kernel(world, variant, EndpointLayout.COMPACT);
            Plan plan = world.plan(cluster());
            kernel.bring(plan);
            assertThat(chainsOfEndpoints(kernel))
                    .as("chains for two of four endpoints in each family")
                    .isEqualTo(4);
            Set<Flow> flows = flows(plan);
            assertThat(new FlowCheck(world, kernel, plan, world.host())
                            .disagreements(flows, FlowCheck.Stickiness.ONE_ENDPOINT))
                    .isEmpty();
            assertThat(flows).hasSize(18);
        }
    }

    /**
     * Returns flows to the Service's addresses from a pod, from the endpoint on this node, from outside and from the
     * node.
     */
    private static Set<Flow> flows(Plan plan) {
        return Stream.of(IpFamily.values())
                .flatMap(family -> {
                    boolean four = family == IpFamily.IPV4;
                    Ip clusterIp = plan.ports(family).findFirst().orElseThrow().clusterIp();
                    Ip node = Ip.parse(four ? "192.168.0.10" : "fd00:192:168::10");
                    return Stream.of(
                                    four ? "10.244.1.200" : "fd00:10:244:1::c8",
                                    four ? HERE : HERE_6,
                                    four ? "203.0.113.9" : "2001:db8:113::9",
                                    node.text())
                            .map(Ip::parse)
                            .flatMap(from -> Stream.of(
                                    new Flow(Protocol.TCP, from, clusterIp, 80),
                                    new Flow(Protocol.TCP, from, node, NODE_PORT),
                                    new Flow(Protocol.TCP, Ip.parse(four ? SOMEWHERE : SOMEWHERE_6), node, NODE_PORT)));
                })
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "NFT"})
    void everyEndpointGetsItsShareWhetherItHasAChainOrNot(Variant variant) {
        try (World world = new World(ProxyMode.IPTABLES)) {
            listen(world);
            kernel(world, variant, EndpointLayout.COMPACT).bring(world.plan(cluster()));
            for (String at : List.of("10.96.0.10:80", "[fd00:10:96::10]:80")) {
                SortedMap<IpPort, Integer> counts = new TreeMap<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    Answer answer = world.visitor().ask(Protocol.TCP, null, IpPort.parse(at), PATIENCE);
                    assertThat(answer).as(answer.text()).isInstanceOf(Answer.Answered.class);
                    if (answer instanceof Answer.Answered answered) {
                        counts.merge(answered.at(), 1, Integer::sum);
                    }
                }
                assertThat(counts).hasSize(4);
                assertThat(counts.values())
                        .as("%s", counts)
                        .noneMatch(count -> DistributionTest.isUnfair(count, CONNECTIONS, 4));
            }
        }
    }

    /**
     * Each new layout begins as a restart of the agent does: it reads the kernel's rules and compares them with the
     * plan's rules.
     */
    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "NFT"})
    void noConnectionFailsWhileOneLayoutReplacesTheOther(Variant variant) {
        try (World world = new World(ProxyMode.IPTABLES)) {
            listen(world);
            Plan plan = world.plan(cluster());
            kernel(world, variant, EndpointLayout.KUBE_PROXY).bring(plan);
            try (Connecting clients = new Connecting(clients(world))) {
                for (int i = 0; i < SWITCHES; i++) {
                    EndpointLayout layout = i % 2 == 0 ? EndpointLayout.COMPACT : EndpointLayout.KUBE_PROXY;
                    Kernel<?, ?> kernel = kernel(world, variant, layout);
                    kernel.bring(plan);
                    assertThat(chainsOfEndpoints(kernel)).isEqualTo(layout == EndpointLayout.COMPACT ? 4 : 8);
                    clients.awaitMore(20);
                }
                clients.end();
                clients.assertNoneFailed(100);
            }
            Kernel<?, ?> kernel = kernel(world, variant, EndpointLayout.COMPACT);
            kernel.bring(plan);
            kernel.remove();
            assertThat(kernel.text()).doesNotContain("KUBE-SVC", "KUBE-SEP");
        }
    }

    private static Kernel<?, ?> kernel(World world, Variant variant, EndpointLayout layout) {
        return Kernel.iptables(
                world.nodeRunner(), IptablesOptions.defaults().with(variant).with(layout));
    }

    private static long chainsOfEndpoints(Kernel<?, ?> kernel) {
        return kernel.text()
                .lines()
                .filter(line -> line.startsWith(":KUBE-SEP-"))
                .count();
    }

    private static void listen(World world) {
        Stream.of(List.of(HERE, HERE_6, SOMEWHERE, SOMEWHERE_6), ELSEWHERE, ELSEWHERE_6)
                .flatMap(List::stream)
                .forEach(ip -> world.listen(Protocol.TCP, new IpPort(Ip.parse(ip), PORT)));
    }

    private static ClusterState cluster() {
        ServiceObject service = ClusterObjects.but(
                        ClusterObjects.alsoAt(ClusterObjects.service("web", "10.96.0.10"), "fd00:10:96::10"))
                .nodePort(NODE_PORT)
                .done();
        SliceObject four = slice(HERE, ELSEWHERE, SOMEWHERE);
        SliceObject six = slice(HERE_6, ELSEWHERE_6, SOMEWHERE_6);
        return ClusterState.of(
                Map.of(service.name(), service), Map.of(four.key(), four, six.key(), six), Map.of(), Map.of());
    }

    private static SliceObject slice(String here, List<String> elsewhere, String somewhere) {
        return ClusterObjects.slice(
                "web",
                ClusterObjects.ready(here),
                ClusterObjects.remote(elsewhere.getFirst()),
                ClusterObjects.somewhere(somewhere),
                ClusterObjects.remote(elsewhere.getLast()));
    }

    /**
     * Returns two clients in each family: a pod that is not an endpoint, and an endpoint, whose connections may reach
     * itself.
     */
    private static Map<String, Supplier<Answer>> clients(World world) {
        LabHost here = world.owner(Ip.parse(HERE));
        Map<String, Supplier<Answer>> clients = new HashMap<>();
        for (String at : List.of("10.96.0.10:80", "[fd00:10:96::10]:80")) {
            clients.put(at, () -> world.visitor().ask(Protocol.TCP, null, IpPort.parse(at), PATIENCE));
            clients.put(at + " from itself", () -> here.ask(Protocol.TCP, null, IpPort.parse(at), PATIENCE));
        }
        return clients;
    }
}
