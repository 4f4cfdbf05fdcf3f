package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.FlowCheck;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.e2e.fixtures.Yaml;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests real connections from every kind of source to every kind of Service. For each flow four outcomes must agree:
 * those of the flow model, of a tracer over the rendered rules, of a tracer over the rules that are read from the
 * kernel, and of the kernel.
 */
@NeedsRoot
final class KernelFlowTest {
    static Stream<Arguments> modesAndFamilies() {
        return Kernel.modes().stream()
                .flatMap(mode -> Stream.of(IpFamily.values()).map(family -> Arguments.of(mode, family)));
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void modelTracersAndKernelAgree(ProxyMode mode, IpFamily family) throws IOException {
        try (World world = new World(mode)) {
            Plan plan = world.plan(Yaml.resource("kinds.yaml"));
            Set<Flow> flows = flows(plan, family);
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(plan);
            FlowCheck check = new FlowCheck(world, kernel, plan, world.host());
            assertThat(check.disagreements(flows, FlowCheck.Stickiness.ONE_ENDPOINT))
                    .isEmpty();
            assertThat(flows).hasSizeGreaterThan(100);
        }
    }

    /** Returns flows from every source to every frontend of the family, and to neighbouring addresses and ports. */
    private static Set<Flow> flows(Plan plan, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        List<Ip> sources = Stream.of(
                        four ? "203.0.113.9" : "2001:db8:113::9",
                        four ? "203.0.113.99" : "2001:db8:113::99",
                        four ? "10.244.1.200" : "fd00:10:244:1::c8",
                        four ? "10.244.1.11" : "fd00:10:244:1::11",
                        four ? "192.168.0.10" : "fd00:192:168::10")
                .map(Ip::parse)
                .toList();
        Ip node = sources.getLast();
        Ip gateway = Ip.parse(four ? "10.244.1.1" : "fd00:10:244:1::1");
        Set<Flow> flows = new LinkedHashSet<>();
        plan.ports(family).forEach(port -> {
            Protocol protocol = port.name().protocol();
            for (Ip source : sources) {
                flows.add(new Flow(protocol, source, port.clusterIp(), 81));
                for (Frontend frontend : port.frontends()) {
                    switch (frontend.key(protocol)) {
                        case Frontend.Key.Vip vip -> flows.add(new Flow(protocol, source, vip.ip(), vip.port()));
                        case Frontend.Key.Node nodePort -> {
                            flows.add(new Flow(protocol, source, node, nodePort.port()));
                            if (!source.equals(node)) {
                                flows.add(new Flow(protocol, source, gateway, nodePort.port()));
                            }
                            if (four) {
                                Ip loopback = Ip.parse("127.0.0.1");
                                flows.add(new Flow(protocol, loopback, loopback, nodePort.port()));
                            }
                        }
                    }
                }
                if (port.healthCheckNodePort() != 0) {
                    flows.add(new Flow(Protocol.TCP, source, node, port.healthCheckNodePort()));
                }
            }
        });
        sources.forEach(source ->
                flows.add(new Flow(Protocol.TCP, source, Ip.parse(four ? "10.96.0.250" : "fd00:10:96::250"), 80)));
        return flows;
    }
}
