package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServedAddresses;
import io.fairlead.core.plan.ServedRanges;
import io.fairlead.e2e.fixtures.FlowCheck;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that only addresses in the configured ranges are served. */
@NeedsRoot
final class ServedRangesTest {
    private static final List<String> SERVED =
            List.of("198.51.100.30", "2001:db8:100::30", "198.51.100.40", "2001:db8:100::40");
    private static final List<String> REFUSED =
            List.of("198.51.100.130", "2001:db8:100::1:30", "198.51.100.140", "2001:db8:100::1:40");

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void addressesOutsideOfTheRangesGetNoRules(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            Plan plan = world.plan(cluster(), ranges());
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(plan);
            FlowModel model = new FlowModel(plan, world.host());
            Set<Flow> served = flows(family, SERVED);
            Set<Flow> refused = flows(family, REFUSED);
            assertThat(served).allMatch(flow -> model.outcome(flow).verdict() == Verdict.DNAT);
            assertThat(refused).allMatch(flow -> model.outcome(flow).verdict() == Verdict.PASS);

            FlowCheck check = new FlowCheck(world, kernel, plan, world.host());
            assertThat(check.disagreements(served, FlowCheck.Stickiness.ONE_ENDPOINT))
                    .isEmpty();
            assertThat(check.disagreements(refused, FlowCheck.Stickiness.ONE_ENDPOINT))
                    .isEmpty();
            assertThat(plan.refused()).hasSize(REFUSED.size());
        }
    }

    private static Set<Flow> flows(IpFamily family, List<String> addresses) {
        boolean four = family == IpFamily.IPV4;
        Set<Flow> flows = new LinkedHashSet<>();
        addresses.stream().map(Ip::parse).filter(to -> to.family() == family).forEach(to -> {
            flows.add(new Flow(Protocol.TCP, Ip.parse(four ? "203.0.113.9" : "2001:db8:113::9"), to, 80));
            flows.add(new Flow(Protocol.TCP, Ip.parse(four ? "10.244.1.200" : "fd00:10:244:1::c8"), to, 80));
        });
        return flows;
    }

    private static ServedRanges ranges() {
        ServedAddresses within =
                new ServedAddresses.Within(List.of(Cidr.parse("198.51.100.0/25"), Cidr.parse("2001:db8:100::/112")));
        return new ServedRanges(within, within);
    }

    private static ClusterState cluster() {
        ServiceObject web = but(alsoAt(service("web", "10.96.0.10"), "fd00:10:96::10"))
                .externalIps(SERVED.get(0), SERVED.get(1), REFUSED.get(0), REFUSED.get(1))
                .loadBalancerIps(SERVED.get(2), SERVED.get(3), REFUSED.get(2), REFUSED.get(3))
                .done();
        SliceObject four = slice("web", ready("10.244.1.11"));
        SliceObject six = slice("web", ready("fd00:10:244:1::11"));
        return ClusterState.of(Map.of(web.name(), web), Map.of(four.key(), four, six.key(), six), Map.of(), Map.of());
    }
}
