package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.endpoint;
import static io.fairlead.core.fixture.ClusterObjects.hinted;
import static io.fairlead.core.fixture.ClusterObjects.leaving;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlannerTest {
    private static final ServiceName WEB = new ServiceName("default", "web");
    private static final NodeObject NODE_A =
            new NodeObject("node-a", "zone-a", List.of(Ip.parse("192.168.0.10")), List.of(), false);

    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));

    @Test
    void joinsAServiceWithTheSlicePortsOfTheSameNameAndProtocol() {
        PortPlan plan = web(service("web", "10.96.0.1"), slice("web", "10.244.1.12", "10.244.1.11"));

        assertThat(plan.frontends()).containsExactly(new Frontend.ClusterIp(Ip.parse("10.96.0.1"), 80));
        assertThat(texts(plan.clusterEndpoints())).containsExactly("10.244.1.11:8080", "10.244.1.12:8080");
        assertThat(plan.localEndpoints()).as("no frontend is Local").isEmpty();
    }

    @Test
    void refusesWhenThePortHasAnotherNameOrProtocolInTheSlice() {
        ServiceObject udp = but(service("web", "10.96.0.1"))
                .ports(new ServiceObject.Port("http", Protocol.UDP, 80, 0))
                .done();
        assertThat(web(udp, slice("web", "10.244.1.11")).anyEndpoints()).isFalse();
        ServiceObject renamed = but(service("web", "10.96.0.1"))
                .ports(new ServiceObject.Port("web", Protocol.TCP, 80, 0))
                .done();
        assertThat(web(renamed, slice("web", "10.244.1.11")).anyEndpoints()).isFalse();
    }

    @Test
    void takesTerminatingEndpointsOnlyWhenNoneIsReady() {
        SliceObject mixed = slice("web", ready("10.244.1.11"), leaving("10.244.1.12", "node-a"));
        assertThat(texts(web(service("web", "10.96.0.1"), mixed).clusterEndpoints()))
                .containsExactly("10.244.1.11:8080");
        SliceObject all =
                slice("web", endpoint("10.244.1.11", "node-a", false, false, true), leaving("10.244.1.12", "node-a"));
        assertThat(texts(web(service("web", "10.96.0.1"), all).clusterEndpoints()))
                .containsExactly("10.244.1.12:8080");
    }

    @Test
    void neverUsesAnEndpointThatServesWithoutBeingReadyOrTerminating() {
        SliceObject unready = slice("web", endpoint("10.244.1.11", "node-a", false, true, false));
        PortPlan plan = web(service("web", "10.96.0.1"), unready);
        assertThat(plan.clusterEndpoints()).isEmpty();
        assertThat(plan.disposition(plan.frontends().getFirst())).isEqualTo(PortPlan.Disposition.REJECT);
    }

    @Test
    void decidesLocalEndpointsApartFromClusterEndpoints() {
        ServiceObject local =
                but(service("web", "10.96.0.1")).nodePort(30080).externalLocal().done();
        PortPlan plan = web(local, slice("web", remote("10.244.2.11"), leaving("10.244.1.12", "node-a")));

        assertThat(texts(plan.clusterEndpoints())).containsExactly("10.244.2.11:8080");
        assertThat(texts(plan.localEndpoints())).containsExactly("10.244.1.12:8080");
    }

    @Test
    void dropsRatherThanRefusesWhenOnlyOtherNodesHaveEndpoints() {
        ServiceObject local = but(service("web", "10.96.0.1")).internalLocal().done();
        PortPlan plan = web(local, slice("web", remote("10.244.2.11")));

        assertThat(plan.disposition(plan.frontends().getFirst()))
                .isEqualTo(PortPlan.Disposition.LOCAL_WITHOUT_ENDPOINTS);
    }

    @Test
    void externalPolicyLocalHasNoEffectOnAServiceNobodyReachesFromOutside() {
        PortPlan plan = web(but(service("web", "10.96.0.1")).externalLocal().done(), slice("web", "10.244.1.11"));
        assertThat(plan.external()).isEqualTo(TrafficPolicy.CLUSTER);
    }

    @Test
    void followsZoneHintsOnlyIfEveryReadyEndpointHasThemAndOneNamesThisZone() {
        planner.put(NODE_A);
        SliceObject hinted = slice(
                "web",
                hinted(ready("10.244.1.11"), Set.of("zone-a"), Set.of()),
                hinted(remote("10.244.2.11"), Set.of("zone-b"), Set.of()));
        assertThat(texts(web(service("web", "10.96.0.1"), hinted).clusterEndpoints()))
                .containsExactly("10.244.1.11:8080");

        SliceObject oneWithout =
                slice("web", hinted(ready("10.244.1.11"), Set.of("zone-a"), Set.of()), remote("10.244.2.11"));
        assertThat(texts(web(service("web", "10.96.0.1"), oneWithout).clusterEndpoints()))
                .containsExactly("10.244.1.11:8080", "10.244.2.11:8080");

        SliceObject elsewhere = slice("web", hinted(ready("10.244.1.11"), Set.of("zone-b"), Set.of()));
        assertThat(texts(web(service("web", "10.96.0.1"), elsewhere).clusterEndpoints()))
                .containsExactly("10.244.1.11:8080");
    }

    @Test
    void prefersNodeHintsToZoneHints() {
        planner.put(NODE_A);
        SliceObject hinted = slice(
                "web",
                hinted(ready("10.244.1.11"), Set.of("zone-a"), Set.of("node-a")),
                hinted(ready("10.244.1.12"), Set.of("zone-a"), Set.of("node-b")));
        assertThat(texts(web(service("web", "10.96.0.1"), hinted).clusterEndpoints()))
                .containsExactly("10.244.1.11:8080");
    }

    @Test
    void aCopyOfAnEndpointThatLivesBeatsOneThatTerminates() {
        SliceObject first = slice("web", leaving("10.244.1.11", "node-a"));
        SliceObject second = new SliceObject(WEB, "web-2", IpFamily.IPV4, first.ports(), List.of(ready("10.244.1.11")));
        planner.put(second);
        PortPlan plan = web(but(service("web", "10.96.0.1")).internalLocal().done(), first);
        assertThat(texts(plan.localEndpoints())).containsExactly("10.244.1.11:8080");
        assertThat(texts(plan.clusterEndpoints()))
                .as("iTP Local uses no Cluster set")
                .isEmpty();
    }

    @Test
    void aSourceRangeOfLengthZeroMeansNoFirewall() {
        ServiceObject open = but(service("web", "10.96.0.1"))
                .loadBalancerIps("1.2.3.4")
                .sourceRanges("203.0.113.0/24", "0.0.0.0/0")
                .done();
        assertThat(web(open, slice("web", "10.244.1.11")).allowedSources()).isEqualTo(new AllowedSources.All());
    }

    @Test
    void anExternalIpThatIsALoadBalancerIpIsFilteredInNftablesOnly() {
        ServiceObject both = but(service("web", "10.96.0.1"))
                .externalIps("1.2.3.4")
                .loadBalancerIps("1.2.3.4")
                .sourceRanges("203.0.113.0/24")
                .done();
        assertThat(web(both, slice("web", "10.244.1.11")).frontends())
                .contains(new Frontend.ExternalIp(Ip.parse("1.2.3.4"), 80))
                .hasSize(2);
        planner.settings(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        assertThat(web(both, slice("web", "10.244.1.11")).frontends())
                .contains(new Frontend.LoadBalancerIp(Ip.parse("1.2.3.4"), 80))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = ServiceObject.Selection.class,
            names = {"HEADLESS", "OTHER_PROXY", "NO_CLUSTER_IP"})
    void saysWhyAServiceHasNoRules(ServiceObject.Selection selection) {
        planner.put(but(service("web", "10.96.0.1")).selection(selection).done());
        planner.put(slice("web", "10.244.1.11"));
        planner.update();
        ServicePlan plan = Objects.requireNonNull(planner.plan().services().get(WEB));
        assertThat(plan.ports()).isEmpty();
        assertThat(plan.noRules()).hasToString(selection.name());
    }

    @Test
    void aNodePortClaimedTwiceGoesToTheFirstByNameAndTheOtherIsTold() {
        planner.put(but(service("b", "10.96.0.2")).nodePort(30080).done());
        planner.put(but(service("a", "10.96.0.1")).nodePort(30080).done());
        planner.update();

        Conflict conflict = planner.plan().conflicts().getFirst();
        assertThat(conflict.text())
                .isEqualTo("default/b:http/tcp: node port 30080 is already used by default/a:http/tcp");
        assertThat(planner.plan().conflicts()).hasSize(1);
    }

    @Test
    void aClaimantWithEndpointsGoesBeforeOneWithout() {
        planner.put(but(service("a", "10.96.0.1")).nodePort(30080).done());
        planner.put(but(service("b", "10.96.0.2")).nodePort(30080).done());
        planner.put(slice("b", "10.244.1.11"));
        planner.update();
        assertThat(planner.plan().conflicts().getFirst().holder().service().name())
                .isEqualTo("b");

        planner.remove(new ServiceName("default", "b"));
        PlanDelta delta = planner.update();
        assertThat(delta.services().keySet()).extracting(ServiceName::name).containsExactly("a", "b");
        assertThat(planner.plan().conflicts()).isEmpty();
    }

    @Test
    void oneChangedSliceChangesOneService() {
        for (int i = 1; i <= 50; i++) {
            planner.put(service("svc-" + i, "10.96.0." + i));
            planner.put(slice("svc-" + i, "10.244.1." + i));
        }
        planner.update();
        planner.put(slice("svc-7", "10.244.1.200"));
        assertThat(planner.update().services().keySet()).containsExactly(new ServiceName("default", "svc-7"));
        planner.put(slice("svc-7", "10.244.1.200"));
        assertThat(planner.update().isEmpty()).isTrue();
    }

    @Test
    void aSliceWaitsForItsService() {
        planner.put(slice("web", "10.244.1.11"));
        assertThat(planner.update().services()).isEmpty();
        planner.put(service("web", "10.96.0.1"));
        planner.update();
        assertThat(planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow().clusterEndpoints())
                .hasSize(1);
    }

    @Test
    void serviceCidrsReachThePlanInNftablesOnly() {
        ServiceCidrObject cidrs = new ServiceCidrObject("kubernetes", List.of(Cidr.parse("10.96.0.0/16")));
        planner.put(cidrs);
        planner.update();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).isEmpty();
        planner.settings(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        assertThat(planner.update().nodeChanged()).isTrue();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).isEqualTo(cidrs.cidrs());
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void changingStepByStepEndsWherePlanningAnewWould(ProxyMode mode) {
        Seeds.each(200, seed -> {
            RandomCluster before = RandomCluster.of(seed, mode);
            RandomCluster after = before.mutated(1);
            Planner stepwise = new Planner(before.settings());
            stepwise.replace(before.state());
            stepwise.update();
            Plan old = stepwise.plan();
            stepwise.replace(after.state());
            PlanDelta delta = stepwise.update();

            assertThat(stepwise.plan()).isEqualTo(after.plan());
            Stream.concat(old.services().keySet().stream(), after.plan().services().keySet().stream())
                    .forEach(name -> assertThat(delta.services().containsKey(name))
                            .as("%s is reported if and only if it changed", name)
                            .isEqualTo(!Objects.equals(
                                    old.services().get(name),
                                    after.plan().services().get(name))));
        });
    }

    private PortPlan web(ServiceObject service, SliceObject slice) {
        planner.put(service);
        planner.put(slice);
        planner.update();
        return Objects.requireNonNull(planner.plan().services().get(WEB))
                .ports()
                .getFirst();
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::text).toList();
    }
}
