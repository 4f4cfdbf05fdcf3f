package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServicePlanningTest {
    private static final ServiceObject WEB = service("web", "10.96.0.1");
    private static final NodePlanning NODE = new NodePlanning(
            NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"),
            new NodeObject("node-a", "", List.of(Ip.parse("192.168.0.10")), List.of(), false));

    @Test
    void portsAreSortedByNameThenFamily() {
        ServiceObject dual = but(alsoAt(WEB, "fd00:96::1"))
                .ports(
                        new ServiceObject.Port("https", Protocol.TCP, 443, 0),
                        new ServiceObject.Port("dns", Protocol.UDP, 53, 0),
                        new ServiceObject.Port("dns", Protocol.TCP, 53, 0))
                .done();
        assertThat(planning(dual).ports())
                .extracting(port -> port.name().port() + " " + port.name().protocol() + " "
                        + port.family().name())
                .containsExactly(
                        "dns tcp IPV4",
                        "dns tcp IPV6",
                        "dns udp IPV4",
                        "dns udp IPV6",
                        "https tcp IPV4",
                        "https tcp IPV6");
    }

    @Test
    void aPlannedPortAndItsEndpointsAreNamedForPeople() {
        PortPlan plan = planning(WEB, slice("web", "10.244.1.11")).ports().getFirst();
        assertThat(plan.origin().text()).isEqualTo("default/web:http");
        assertThat(plan.clusterEndpoints()).hasToString("[10.244.1.11:8080]");
        assertThat(plan.clusterEndpoints().getFirst().port()).isEqualTo(8080);
    }

    @Test
    void aBalancersAddressOnAServiceOfTypeClusterIpDoesNotMakeExternalPolicyCount() {
        ServiceObject odd = but(WEB).loadBalancerIps("198.51.100.20")
                .externalLocal()
                .type(ServiceObject.Type.CLUSTER_IP)
                .done();
        PortPlan plan = planning(odd).ports().getFirst();
        assertThat(plan.frontends()).hasSize(2);
        assertThat(plan.external()).isEqualTo(TrafficPolicy.CLUSTER);
    }

    @Test
    void tellsWhetherTheNodeItselfIsInTheSourceRanges() {
        ServiceObject balanced = but(WEB).loadBalancerIps("198.51.100.20").done();
        assertThat(planning(but(balanced).sourceRanges("192.168.0.0/24").done())
                        .ports()
                        .getFirst()
                        .nodeInSourceRanges())
                .isTrue();
        assertThat(planning(but(balanced)
                                .sourceRanges("203.0.113.0/24", "198.51.100.0/24")
                                .done())
                        .ports()
                        .getFirst()
                        .nodeInSourceRanges())
                .isFalse();
    }

    @Test
    void healthChecksCountEndpointsOfTheirFamilyInSlicesWithPorts() {
        ServiceObject dual = but(alsoAt(WEB, "fd00:96::1"))
                .loadBalancerIps("198.51.100.20")
                .externalLocal()
                .healthCheckNodePort(32000)
                .done();
        SliceObject portless =
                new SliceObject(WEB.name(), "web-0", IpFamily.IPV4, List.of(), List.of(ready("10.244.1.99")));
        assertThat(planning(dual, slice("web", "10.244.1.11", "10.244.1.12"), slice("web", "fd00::11"), portless)
                        .healthChecks())
                .containsExactly(
                        new HealthCheck(WEB.name(), IpFamily.IPV4, 32000, 2),
                        new HealthCheck(WEB.name(), IpFamily.IPV6, 32000, 1));
    }

    @Test
    void everyReasonForHavingNoRulesSaysSoInItsOwnWords() {
        assertThat(NoRules.values())
                .extracting(NoRules::reason)
                .doesNotHaveDuplicates()
                .allMatch(it -> it.length() > 10);
    }

    private static ServicePlan planning(ServiceObject service, SliceObject... slices) {
        return new ServicePlanning(service, List.of(slices), List.of(), NODE).plan();
    }
}
