package io.fairlead.core.model;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each row contains one packet, and the outcome that the behaviour statements require in each mode. */
class FlowModelTest {
    private static final String POD = "10.244.1.200";
    private static final String NODE = "192.168.0.10";
    private static final List<Ip> ADDRESSES = List.of(Ip.parse(NODE), Ip.parse("10.244.1.1"), Ip.parse("127.0.0.1"));

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        // ClusterIP with endpoints on this node and on another node
        POD + ", 10.96.0.1:80, 10.244.1.11:8080 10.244.2.11:8080, =",
        "203.0.113.9, 10.96.0.1:80, 10.244.1.11:8080 10.244.2.11:8080 masquerade, =",
        NODE + ", 10.96.0.1:80, 10.244.1.11:8080 10.244.2.11:8080 masquerade, =",
        "10.244.1.11, 10.96.0.1:80, 10.244.1.11:8080 10.244.2.11:8080 masquerade, =",
        "10.244.2.11, 10.96.0.1:80, 10.244.1.11:8080 10.244.2.11:8080 masquerade, 10.244.1.11:8080 10.244.2.11:8080",
        // a port and an address that no Service uses
        POD + ", 10.96.0.1:81, pass, reject",
        POD + ", 10.96.0.99:80, pass, drop",
        // no endpoints: node port 30002, load balancer 198.51.100.2
        POD + ", 10.96.0.2:80, reject, =",
        "203.0.113.9, 192.168.0.10:30002, reject, =",
        "203.0.113.9, 198.51.100.2:80, reject, =",
        NODE + ", 198.51.100.2:80, pass, reject",
        NODE + ", 192.168.0.10:30002, reject, =",
        // external policy Local with a remote endpoint only: 30003, 198.51.100.3
        "203.0.113.9, 198.51.100.3:80, drop, =",
        "203.0.113.9, 192.168.0.10:30003, drop, =",
        POD + ", 198.51.100.3:80, 10.244.2.33:8080, =",
        NODE + ", 192.168.0.10:30003, 10.244.2.33:8080 masquerade, =",
        POD + ", 10.96.0.3:80, 10.244.2.33:8080, =",
        // external policy Cluster: 30001
        POD + ", 192.168.0.10:30001, 10.244.1.11:8080 10.244.2.11:8080 masquerade, =",
        "127.0.0.1, 127.0.0.1:30001, 10.244.1.11:8080 10.244.2.11:8080 masquerade, pass",
        "203.0.113.9, 10.244.1.1:30001, 10.244.1.11:8080 10.244.2.11:8080 masquerade, pass",
        // source ranges 203.0.113.0/26 on 198.51.100.4
        "203.0.113.9, 198.51.100.4:80, 10.244.1.44:8080 masquerade, =",
        "203.0.113.99, 198.51.100.4:80, drop, =",
        POD + ", 198.51.100.4:80, drop, =",
        "203.0.113.99, 192.168.0.10:30004, 10.244.1.44:8080 masquerade, =",
        // source ranges without endpoints on 198.51.100.5
        "203.0.113.99, 198.51.100.5:80, reject, drop",
        // The source is the load balancer IP itself. It is accepted only if the node is in the source ranges. This is
        // so for 198.51.100.7, but not for 198.51.100.4.
        "198.51.100.7, 198.51.100.7:80, 10.244.1.77:8080 masquerade, =",
        "198.51.100.8, 198.51.100.7:80, drop, =",
        "198.51.100.4, 198.51.100.4:80, drop, =",
        // loopback addresses, from another host and from this node
        "203.0.113.9, 127.0.0.1:31999, drop, pass",
        "127.0.0.1, 127.0.0.1:31999, pass, =",
        // a port of a ClusterIP that no Service uses, from this node
        NODE + ", 10.96.0.1:81, pass, reject",
        NODE + ", 10.96.0.99:80, pass, drop",
        // another port of the node
        "203.0.113.9, 192.168.0.10:22, pass, =",
        NODE + ", 192.168.0.10:22, pass, =",
        // internal policy Local with a remote endpoint
        POD + ", 10.96.0.6:80, drop, =",
        // health check node port
        "203.0.113.9, 192.168.0.10:32003, accept, pass"
    })
    void follows(String from, String to, String inIptables, String inNftables) {
        assertThat(outcome(ProxyMode.IPTABLES, from, to)).isEqualTo(inIptables);
        assertThat(outcome(ProxyMode.NFTABLES, from, to)).isEqualTo(inNftables.equals("=") ? inIptables : inNftables);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void podsAreToldByTheInterfaceTheyComeInBy(ProxyMode mode) {
        InterfaceName bridge = new InterfaceName("cni0");
        FlowModel byName =
                new FlowModel(plan(mode, new NodeSettings.DetectLocal.BridgeInterface(bridge)), Host.of(ADDRESSES));
        assertThat(byName.outcome(fromInterface(bridge)).masquerade()).isFalse();
        assertThat(byName.outcome(fromInterface(new InterfaceName("cni01"))).masquerade())
                .isTrue();
        assertThat(byName.outcome(fromInterface(null)).masquerade()).isTrue();
        FlowModel byPrefix =
                new FlowModel(plan(mode, new NodeSettings.DetectLocal.InterfaceNamePrefix(bridge)), Host.of(ADDRESSES));
        assertThat(byPrefix.outcome(fromInterface(new InterfaceName("cni01"))).masquerade())
                .isFalse();
        assertThat(byPrefix.outcome(fromInterface(new InterfaceName("eth0"))).masquerade())
                .isTrue();
        assertThat(byPrefix.outcome(fromInterface(null)).masquerade()).isTrue();
    }

    private static Flow fromInterface(@Nullable InterfaceName input) {
        return new Flow(Protocol.TCP, Ip.parse("203.0.113.9"), Ip.parse("10.96.0.1"), 80, input);
    }

    private static String outcome(ProxyMode mode, String from, String to) {
        IpPort target = IpPort.parse(to);
        Plan plan = plan(mode, new NodeSettings.DetectLocal.ClusterCidr(List.of(Cidr.parse("10.244.0.0/16"))));
        Outcome outcome = new FlowModel(plan, Host.of(ADDRESSES))
                .outcome(new Flow(Protocol.TCP, Ip.parse(from), target.ip(), target.port()));
        return switch (outcome.verdict()) {
            case DNAT ->
                outcome.endpoints().stream().map(IpPort::text).collect(Collectors.joining(" "))
                        + (outcome.masquerade() ? " masquerade" : "");
            case REJECT, DROP, ACCEPT, PASS -> outcome.verdict().text();
        };
    }

    private static Plan plan(ProxyMode mode, NodeSettings.DetectLocal pods) {
        NodeSettings defaults = NodeSettings.defaults(mode, "node-a");
        Planner planner = new Planner(new NodeSettings(
                mode,
                "node-a",
                List.of(Ip.parse(NODE)),
                ADDRESSES,
                pods,
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                false,
                true,
                false));
        planner.put(new ServiceCidrObject("kubernetes", List.of(Cidr.parse("10.96.0.0/16"))));
        planner.put(but(service("a", "10.96.0.1")).nodePort(30001).done());
        planner.put(slice("a", ready("10.244.1.11"), remote("10.244.2.11")));
        planner.put(but(service("b", "10.96.0.2"))
                .loadBalancerIps("198.51.100.2")
                .nodePort(30002)
                .done());
        planner.put(but(service("c", "10.96.0.3"))
                .loadBalancerIps("198.51.100.3")
                .nodePort(30003)
                .externalLocal()
                .healthCheckNodePort(32003)
                .done());
        planner.put(slice("c", remote("10.244.2.33")));
        planner.put(but(service("d", "10.96.0.4"))
                .loadBalancerIps("198.51.100.4")
                .nodePort(30004)
                .sourceRanges("203.0.113.0/26")
                .done());
        planner.put(slice("d", ready("10.244.1.44")));
        planner.put(but(service("e", "10.96.0.5"))
                .loadBalancerIps("198.51.100.5")
                .sourceRanges("203.0.113.0/26")
                .done());
        planner.put(but(service("g", "10.96.0.7"))
                .loadBalancerIps("198.51.100.7")
                .sourceRanges("192.168.0.0/24")
                .done());
        planner.put(slice("g", ready("10.244.1.77")));
        planner.put(but(service("f", "10.96.0.6")).internalLocal().done());
        planner.put(slice("f", remote("10.244.2.66")));
        planner.update();
        return planner.plan();
    }
}
