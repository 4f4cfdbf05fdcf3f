package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.endpoint;
import static io.fairlead.core.fixture.ClusterObjects.hinted;
import static io.fairlead.core.fixture.ClusterObjects.leaving;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests to which endpoints existing UDP flows may continue (CT-3). */
final class ServingAddressesTest {
    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));

    @Test
    void areThoseOfReadyAndOfServingEndpointsSorted() {
        PortPlan dns = plan(
                Protocol.UDP,
                ready("10.1.0.9"),
                remote("10.1.0.2"),
                leaving("10.1.0.3", "node-b"),
                endpoint("10.1.0.4", "node-a", false, false, true),
                endpoint("10.1.0.5", "node-a", false, false, false),
                endpoint("10.1.0.6", "node-a", true, false, false));

        assertThat(dns.servingAddresses())
                .extracting(IpPort::text)
                .containsExactly("10.1.0.2:5353", "10.1.0.3:5353", "10.1.0.6:5353", "10.1.0.9:5353");
    }

    @Test
    void doNotDependOnPolicyAndTopology() {
        planner.put(but(udpService()).internalLocal().done());
        planner.put(slice(
                Protocol.UDP,
                hinted(ready("10.1.0.1"), Set.of(), Set.of("node-a")),
                hinted(remote("10.1.0.2"), Set.of(), Set.of("node-b"))));
        planner.update();

        PortPlan dns = planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow();
        assertThat(dns.localEndpoints()).extracting(Endpoint::text).containsExactly("10.1.0.1:5353");
        assertThat(dns.servingAddresses()).extracting(IpPort::text).containsExactly("10.1.0.1:5353", "10.1.0.2:5353");
    }

    @Test
    void areNotKeptForOtherProtocols() {
        assertThat(plan(Protocol.TCP, ready("10.1.0.1")).servingAddresses()).isEmpty();
        assertThat(plan(Protocol.SCTP, ready("10.1.0.1")).servingAddresses()).isEmpty();
    }

    @Test
    void aChangeOfThemAloneIsAChangeOfThePlan() {
        plan(Protocol.UDP, ready("10.1.0.1"), leaving("10.1.0.2", "node-a"));

        planner.put(slice(Protocol.UDP, ready("10.1.0.1")));

        assertThat(planner.update().services()).containsOnlyKeys(udpService().name());
    }

    private PortPlan plan(Protocol protocol, SliceEndpoint... endpoints) {
        planner.put(but(udpService())
                .ports(new ServiceObject.Port("dns", protocol, 53, 0))
                .done());
        planner.put(slice(protocol, endpoints));
        planner.update();
        return planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow();
    }

    private static ServiceObject udpService() {
        return but(service("dns", "10.96.0.10"))
                .ports(new ServiceObject.Port("dns", Protocol.UDP, 53, 0))
                .done();
    }

    private static SliceObject slice(Protocol protocol, SliceEndpoint... endpoints) {
        return new SliceObject(
                udpService().name(),
                "dns-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("dns", protocol, 5353)),
                List.of(endpoints));
    }
}
