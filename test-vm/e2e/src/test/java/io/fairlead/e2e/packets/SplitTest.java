package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.FlowCheck;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import io.fairlead.lab.Conversation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the traffic of a Service is split between backends. */
@NeedsRoot
final class SplitTest {
    private static final int FLOWS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void everyKindOfAddressSplitsItsTraffic(ProxyMode mode, IpFamily family) {
        for (UnaryOperator<ClusterObjects.Draft> kind : List.<UnaryOperator<ClusterObjects.Draft>>of(
                draft -> draft, ClusterObjects.Draft::externalLocal, draft -> draft.sticky(600))) {
            try (World world = new World(mode)) {
                Plan plan = world.plan(cluster(kind, "web-v1=2", "web-v2=1", "missing=5", "web-v3=0"));
                Kernel<?, ?> kernel = world.kernel();
                kernel.bring(plan);
                FlowCheck check = new FlowCheck(world, kernel, plan, world.host());
                assertThat(check.disagreements(flows(family), FlowCheck.Stickiness.SOME_ENDPOINTS))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void theBackendsReceiveTheirWeights(ProxyMode mode, IpFamily family) throws IOException {
        try (World world = new World(mode)) {
            Plan plan = world.plan(cluster(draft -> draft, "web-v1=90", "web-v2=10"));
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(plan);
            Flow flow = flows(family).iterator().next();
            Map<IpPort, Double> expected = new FlowModel(plan, world.host()).shares(flow);
            assertThat(expected).hasSize(3);
            expected.keySet().forEach(at -> world.listen(Protocol.TCP, at));
            Map<IpPort, Integer> counts = new TreeMap<>();
            for (int i = 0; i < FLOWS; i++) {
                Answer answer = world.owner(flow.from())
                        .ask(Protocol.TCP, flow.from(), new IpPort(flow.to(), flow.port()), PATIENCE);
                assertThat(answer).isInstanceOf(Answer.Answered.class);
                if (answer instanceof Answer.Answered answered) {
                    counts.merge(answered.at(), 1, Integer::sum);
                }
            }
            expected.forEach((endpoint, share) -> assertThat(
                            DistributionTest.isUnfair(counts.getOrDefault(endpoint, 0), FLOWS, share, expected.size()))
                    .as("%s of %s is %s", endpoint, counts, share)
                    .isFalse());
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void aChangeOfTheWeightsKeepsConnections(ProxyMode mode, IpFamily family) throws IOException {
        try (World world = new World(mode)) {
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(world.plan(cluster(draft -> draft, "web-v2=1")));
            Flow flow = flows(family).iterator().next();
            IpPort virtual = new IpPort(flow.to(), flow.port());
            for (String ip : List.of("10.244.1.11", "10.244.1.12", "10.244.2.11")) {
                world.listen(Protocol.TCP, new IpPort(inFamily(ip, family), 8080));
            }
            try (Conversation talk = world.owner(flow.from()).converse(flow.from(), virtual, PATIENCE)) {
                assertThat(talk.who()).isEqualTo("node-b");
                for (String weights : List.of("web-v1=1 web-v2=1", "web-v1=1 web-v2=0", "web-v1=5")) {
                    kernel.apply(world.plan(cluster(draft -> draft, weights.split(" "))));
                    assertThat(talk.who()).as(weights).isEqualTo("node-b");
                }
            }
            Answer fresh = world.owner(flow.from()).ask(Protocol.TCP, flow.from(), virtual, PATIENCE);
            assertThat(fresh).isInstanceOf(Answer.Answered.class);
            assertThat(((Answer.Answered) fresh).at().ip()).isNotEqualTo(inFamily("10.244.2.11", family));
        }
    }

    private static Set<Flow> flows(IpFamily family) {
        Set<Flow> flows = new LinkedHashSet<>();
        for (String from : List.of("10.244.1.200", "203.0.113.9", "192.168.0.10")) {
            flows.add(new Flow(Protocol.TCP, inFamily(from, family), inFamily("10.96.0.10", family), 80));
            flows.add(new Flow(Protocol.TCP, inFamily(from, family), inFamily("198.51.100.30", family), 80));
            flows.add(new Flow(Protocol.TCP, inFamily(from, family), inFamily("192.168.0.10", family), 30080));
        }
        return flows;
    }

    /** Returns the address that the same host has in the family. */
    private static Ip inFamily(String ipv4, IpFamily family) {
        return family == IpFamily.IPV4
                ? Ip.parse(ipv4)
                : Ip.parse(
                        switch (ipv4) {
                            case "10.244.1.200" -> "fd00:10:244:1::c8";
                            case "10.244.1.11" -> "fd00:10:244:1::11";
                            case "10.244.1.12" -> "fd00:10:244:1::12";
                            case "10.244.2.11" -> "fd00:10:244:2::11";
                            case "203.0.113.9" -> "2001:db8:113::9";
                            case "192.168.0.10" -> "fd00:192:168::10";
                            case "10.96.0.10" -> "fd00:10:96::10";
                            case "198.51.100.30" -> "2001:db8:100::30";
                            default -> throw new IllegalArgumentException(ipv4);
                        });
    }

    private static ClusterState cluster(UnaryOperator<ClusterObjects.Draft> kind, String... backends) {
        ServiceObject web = kind.apply(but(alsoAt(service("web", "10.96.0.10"), "fd00:10:96::10"))
                        .nodePort(30080)
                        .externalIps("198.51.100.30", "2001:db8:100::30")
                        .backends(backends))
                .done();
        Map<ServiceName, ServiceObject> services = new HashMap<>(Map.of(web.name(), web));
        for (int i = 1; i <= 3; i++) {
            ServiceObject backend = alsoAt(service("web-v" + i, "10.96.0." + (20 + i)), "fd00:10:96::" + (20 + i));
            services.put(backend.name(), backend);
        }
        Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
        for (IpFamily family : IpFamily.values()) {
            List.of(
                            slice(
                                    "web-v1",
                                    ready(inFamily("10.244.1.11", family).text()),
                                    ready(inFamily("10.244.1.12", family).text())),
                            slice(
                                    "web-v2",
                                    remote(inFamily("10.244.2.11", family).text())),
                            slice(
                                    "web-v3",
                                    ready(inFamily("10.244.1.11", family).text())))
                    .forEach(slice -> slices.put(slice.key(), slice));
        }
        return ClusterState.of(services, slices, Map.of(), Map.of());
    }
}
