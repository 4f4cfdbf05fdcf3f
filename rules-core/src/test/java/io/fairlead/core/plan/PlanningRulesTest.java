package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.endpoint;
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
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests planning rules that need only one Service or one node. */
class PlanningRulesTest {
    private static final ServiceObject WEB = service("web", "10.96.0.1");
    private static final List<Ip> INTERFACES =
            ips("192.168.0.10", "192.168.1.10", "127.0.0.1", "fd00:192:168::10", "::1");

    @Test
    void aFamilyWithoutAClusterIpHasNothing() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        planner.put(but(WEB).nodePort(30080)
                .externalIps("198.51.100.7", "2001:db8::7")
                .done());
        planner.put(slice("web", "fd00::11"));
        planner.update();
        assertThat(planner.plan().ports(IpFamily.IPV6)).isEmpty();
        assertThat(planner.plan().ports(IpFamily.IPV4)).hasSize(1);
    }

    @Test
    void eachFamilyTakesItsOwnAddressesAndRanges() {
        ServiceObject both = but(alsoAt(WEB, "fd00:96::1"))
                .externalIps("198.51.100.7", "2001:db8::7")
                .loadBalancerIps("198.51.100.20", "2001:db8::20")
                .sourceRanges("203.0.113.0/24", "2001:db8:113::/64")
                .done();
        PortPlan v4 = port(both, IpFamily.IPV4, slice("web", "10.244.1.11"));
        assertThat(v4.frontends())
                .containsExactly(
                        new Frontend.ClusterIp(Ip.parse("10.96.0.1"), 80),
                        new Frontend.ExternalIp(Ip.parse("198.51.100.7"), 80),
                        new Frontend.LoadBalancerIp(Ip.parse("198.51.100.20"), 80));
        assertThat(v4.allowedSources().ranges()).containsExactly(Cidr.parse("203.0.113.0/24"));
        PortPlan v6 = port(both, IpFamily.IPV6, slice("web", "10.244.1.11"));
        assertThat(v6.frontends())
                .containsExactly(
                        new Frontend.ClusterIp(Ip.parse("fd00:96::1"), 80),
                        new Frontend.ExternalIp(Ip.parse("2001:db8::7"), 80),
                        new Frontend.LoadBalancerIp(Ip.parse("2001:db8::20"), 80));
        assertThat(v6.allowedSources().ranges()).containsExactly(Cidr.parse("2001:db8:113::/64"));
        assertThat(v6.anyEndpoints()).as("slices of the other family").isFalse();
    }

    @Test
    void rangesOfTheOtherFamilyAloneMeanNoFirewall() {
        ServiceObject ranged = but(WEB).loadBalancerIps("198.51.100.20")
                .sourceRanges("2001:db8:113::/64")
                .done();
        assertThat(port(ranged, IpFamily.IPV4).allowedSources()).isEqualTo(new AllowedSources.All());
    }

    /**
     * A range that cannot be parsed may belong to either family. kube-proxy ignores it, and then accepts every client
     * although the Service restricts its clients.
     */
    @Test
    void aRangeThatCannotBeReadOpensNothing() {
        ServiceObject balanced = but(alsoAt(WEB, "fd00:96::1"))
                .loadBalancerIps("198.51.100.20", "2001:db8::20")
                .alsoAnUnreadableSourceRange()
                .done();
        AllowedSources none = new AllowedSources.Within(List.of());
        assertThat(port(balanced, IpFamily.IPV4).allowedSources()).isEqualTo(none);
        assertThat(port(balanced, IpFamily.IPV6).allowedSources()).isEqualTo(none);

        ServiceObject ofOneFamily = but(balanced)
                .sourceRanges("203.0.113.0/24")
                .alsoAnUnreadableSourceRange()
                .done();
        assertThat(port(ofOneFamily, IpFamily.IPV4).allowedSources())
                .isEqualTo(new AllowedSources.Within(List.of(Cidr.parse("203.0.113.0/24"))));
        assertThat(port(ofOneFamily, IpFamily.IPV6).allowedSources()).isEqualTo(none);

        ServiceObject openByWord = but(balanced)
                .sourceRanges("0.0.0.0/0")
                .alsoAnUnreadableSourceRange()
                .done();
        assertThat(port(openByWord, IpFamily.IPV4).allowedSources()).isEqualTo(new AllowedSources.All());
        assertThat(port(openByWord, IpFamily.IPV6).allowedSources()).isEqualTo(none);
    }

    @Test
    void anAddressNamedTwiceIsOneFrontend() {
        ServiceObject twice =
                but(WEB).externalIps("198.51.100.7", "198.51.100.7").done();
        assertThat(port(twice, IpFamily.IPV4).frontends()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aHealthCheckPortCountsForLoadBalancersWithExternalPolicyLocal() {
        ServiceObject balanced = but(WEB).loadBalancerIps("198.51.100.20")
                .healthCheckNodePort(32000)
                .done();
        assertThat(port(balanced, IpFamily.IPV4).healthCheckNodePort()).isZero();
        assertThat(port(but(balanced).externalLocal().done(), IpFamily.IPV4).healthCheckNodePort())
                .isEqualTo(32000);
        ServiceObject nodePort = but(WEB).nodePort(30080)
                .externalLocal()
                .healthCheckNodePort(32000)
                .done();
        assertThat(port(nodePort, IpFamily.IPV4).healthCheckNodePort()).isZero();
    }

    @Test
    void aHealthCheckCountsDistinctReadyAddressesOfThisNodeOverAllSlices() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(but(WEB).loadBalancerIps("198.51.100.20")
                .externalLocal()
                .healthCheckNodePort(32000)
                .done());
        SliceObject first = slice(
                "web",
                ready("10.244.1.11"),
                ready("10.244.1.12"),
                remote("10.244.2.11"),
                leaving("10.244.1.13", "node-a"));
        planner.put(first);
        planner.put(
                new SliceObject(first.service(), "web-2", IpFamily.IPV4, first.ports(), List.of(ready("10.244.1.11"))));
        planner.update();
        assertThat(planner.plan().services().get(WEB.name()).healthChecks())
                .containsExactly(new HealthCheck(WEB.name(), IpFamily.IPV4, 32000, 2));
    }

    @Test
    void aServiceIsReachedFromOutsideByNodePortLoadBalancerOrExternalIp() {
        for (ServiceObject reached : List.of(
                but(WEB).nodePort(30080).done(),
                but(WEB).loadBalancerIps("198.51.100.20").done(),
                but(WEB).externalIps("198.51.100.7").done())) {
            ServiceObject local = but(reached).internalLocal().done();
            assertThat(port(local, IpFamily.IPV4, slice("web", remote("10.244.2.11")))
                            .clusterEndpoints())
                    .as("external addresses use them")
                    .hasSize(1);
        }
        ServiceObject inside = but(WEB).internalLocal().done();
        assertThat(port(inside, IpFamily.IPV4, slice("web", remote("10.244.2.11")))
                        .clusterEndpoints())
                .isEmpty();
    }

    @Test
    void externalPolicyLocalCountsForEveryTypeThatIsReachedFromOutside() {
        for (ServiceObject reached : List.of(
                but(WEB).nodePort(30080).done(),
                but(WEB).loadBalancerIps("198.51.100.20").done(),
                but(WEB).externalIps("198.51.100.7").done())) {
            assertThat(port(but(reached).externalLocal().done(), IpFamily.IPV4).external())
                    .isEqualTo(TrafficPolicy.LOCAL);
        }
    }

    @Test
    void anEndpointIsLocalByItsNodesNameOnly() {
        SliceObject slice = slice("web", ready("10.244.1.11"), remote("10.244.1.12"));
        ServiceObject local = but(WEB).internalLocal().done();
        assertThat(texts(port(local, IpFamily.IPV4, slice).localEndpoints())).containsExactly("10.244.1.11:8080");

        Planner nameless = planner(NodeSettings.defaults(ProxyMode.IPTABLES, ""));
        nameless.put(local);
        nameless.put(slice("web", endpoint("10.244.1.11", "", true, true, false)));
        nameless.update();
        assertThat(nameless.plan()
                        .ports(IpFamily.IPV4)
                        .findFirst()
                        .orElseThrow()
                        .localEndpoints())
                .isEmpty();
    }

    @Test
    void ofTwoLivingCopiesTheLocalOneWinsThenTheReadyOne() {
        SliceObject first = slice("web", remote("10.244.1.11"), endpoint("10.244.1.12", "node-a", false, true, false));
        SliceObject second = new SliceObject(
                first.service(),
                "web-2",
                IpFamily.IPV4,
                first.ports(),
                List.of(ready("10.244.1.11"), ready("10.244.1.12")));
        PortPlan plan = port(but(WEB).internalLocal().done(), IpFamily.IPV4, first, second);
        assertThat(texts(plan.localEndpoints())).containsExactly("10.244.1.11:8080", "10.244.1.12:8080");
    }

    @Test
    void endpointsAreSortedByTheirText() {
        PortPlan plan = port(WEB, IpFamily.IPV4, slice("web", "10.1.1.2", "10.1.1.11", "10.1.1.1", "10.1.1.100"));
        assertThat(texts(plan.clusterEndpoints()))
                .containsExactly("10.1.1.100:8080", "10.1.1.11:8080", "10.1.1.1:8080", "10.1.1.2:8080");
    }

    @Test
    void nodePortsAreServedOnInterfaceAddressesInsideTheList() {
        assertThat(nodePorts(ProxyMode.NFTABLES, true, "192.168.0.0/24").getFirst())
                .isEqualTo(new NodePortAddresses.Only(ips("192.168.0.10")));
        assertThat(nodePorts(ProxyMode.NFTABLES, true, "172.16.0.0/12").getFirst())
                .as("a list that meets no address")
                .isEqualTo(new NodePortAddresses.Only(List.of()));
        assertThat(nodePorts(ProxyMode.NFTABLES, true, "192.168.0.0/24").getLast())
                .as("a family that the list leaves out")
                .isEqualTo(new NodePortAddresses.AnyLocal(false));
        assertThat(nodePorts(ProxyMode.NFTABLES, true, "192.168.0.0/24", "0.0.0.0/0")
                        .getFirst())
                .isEqualTo(new NodePortAddresses.AnyLocal(false));
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void thePrimaryAddressAndRangesMayBeMixed(ProxyMode mode) {
        Planner planner = planner(settings(
                mode,
                true,
                new NodeSettings.NodePortSelection(true, List.of(Cidr.parse("172.16.0.0/12"), Cidr.parse("::1/128")))));
        planner.put(new NodeObject(
                "node-a", "", List.of(Ip.parse("192.168.0.10"), Ip.parse("fd00:192:168::10")), List.of(), false));
        planner.update();

        assertThat(planner.nodePlan(IpFamily.IPV4).nodePortAddresses())
                .isEqualTo(new NodePortAddresses.Only(ips("192.168.0.10")));
        assertThat(planner.nodePlan(IpFamily.IPV6).nodePortAddresses())
                .as("::1 is in the list and cannot be served")
                .isEqualTo(new NodePortAddresses.Only(ips("fd00:192:168::10")));
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void externalIpsThatAreNotAllowedHaveNoFrontendAndStillCountAsAnOutside(ProxyMode mode) {
        NodeSettings settings = new NodeSettings(
                mode,
                "node-a",
                List.of(),
                INTERFACES,
                new NodeSettings.DetectLocal.ClusterCidr(List.of()),
                NodeSettings.NodePortSelection.everywhere(),
                14,
                false,
                true,
                false);
        Planner planner = planner(settings.withoutExternalIps());
        planner.put(but(WEB).externalIps("198.51.100.7").externalLocal().done());
        planner.put(slice("web", ready("10.244.1.11"), remote("10.244.2.11")));
        planner.update();

        PortPlan port = planner.plan().services().get(WEB.name()).ports().getFirst();
        assertThat(port.frontends()).containsExactly(new Frontend.ClusterIp(Ip.parse("10.96.0.1"), 80));
        assertThat(texts(port.localEndpoints())).containsExactly("10.244.1.11:8080");
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void onlyAddressesInTheRangesAreServedAndTheOthersAreNamed(ProxyMode mode) {
        NodeSettings settings = NodeSettings.defaults(mode, "node-a")
                .serving(new ServedRanges(
                        new ServedAddresses.Within(List.of(Cidr.parse("198.51.100.0/24"))),
                        new ServedAddresses.Within(List.of())));
        Planner planner = planner(settings);
        planner.put(but(WEB).externalIps("198.51.100.7", "203.0.113.7")
                .loadBalancerIps("198.51.100.8")
                .done());
        planner.put(slice("web", ready("10.244.1.11")));
        planner.update();

        ServicePlan web = planner.plan().services().get(WEB.name());
        assertThat(web.ports().getFirst().frontends())
                .containsExactly(
                        new Frontend.ClusterIp(Ip.parse("10.96.0.1"), 80),
                        new Frontend.ExternalIp(Ip.parse("198.51.100.7"), 80));
        assertThat(planner.plan().refused())
                .containsExactly(
                        "default/web: external IP 203.0.113.7 is not served, because --external-ip-ranges allows only:"
                                + " 198.51.100.0/24",
                        "default/web: load balancer IP 198.51.100.8 is not served, because --load-balancer-ip-ranges"
                                + " allows only: none");
        assertThat(planner.plan().refused(Ip.parse("203.0.113.7"))).hasSize(1);
        assertThat(planner.plan().refused(Ip.parse("198.51.100.7"))).isEmpty();
    }

    /** The gate is a security setting: no other setting may reverse it. */
    @Test
    void noOtherSettingMakesExternalIpsServedAgain() {
        NodeSettings off = NodeSettings.defaults(ProxyMode.IPTABLES, "node-a").withoutExternalIps();
        assertThat(off.withLiberalTcp().served().externalIps()).isEqualTo(new ServedAddresses.None());
        assertThat(off.serving(ServedRanges.ALL).served().externalIps()).isEqualTo(new ServedAddresses.None());
    }

    @Test
    void loopbackInAListIsServedInIptablesForIpv4UnlessSwitchedOff() {
        assertThat(nodePorts(ProxyMode.IPTABLES, true, "127.0.0.0/8", "::1/128"))
                .containsExactly(new NodePortAddresses.Only(ips("127.0.0.1")), new NodePortAddresses.Only(List.of()));
        assertThat(nodePorts(ProxyMode.IPTABLES, false, "127.0.0.0/8").getFirst())
                .isEqualTo(new NodePortAddresses.Only(List.of()));
        assertThat(nodePorts(ProxyMode.NFTABLES, true, "127.0.0.0/8").getFirst())
                .isEqualTo(new NodePortAddresses.Only(List.of()));
    }

    @Test
    void aListWithoutLoopbackSwitchesLocalhostNodePortsOff() {
        assertThat(node(ProxyMode.IPTABLES, true, "192.168.0.0/24").localhostNodePorts())
                .isFalse();
        assertThat(node(ProxyMode.IPTABLES, true, "192.168.0.0/24", "127.0.0.0/8")
                        .localhostNodePorts())
                .isTrue();
        assertThat(node(ProxyMode.IPTABLES, true, "64.0.0.0/2").localhostNodePorts())
                .isTrue();
        assertThat(node(ProxyMode.IPTABLES, true, "0.0.0.0/0").localhostNodePorts())
                .isTrue();
        assertThat(node(ProxyMode.IPTABLES, false, "0.0.0.0/0").localhostNodePorts())
                .isFalse();
    }

    @Test
    void theFirstClusterCidrOfAFamilyTellsPodsAndNoneMeansNoWayToTell() {
        Planner planner = planner(settings(
                ProxyMode.IPTABLES,
                true,
                NodeSettings.NodePortSelection.everywhere(),
                Cidr.parse("10.244.0.0/16"),
                Cidr.parse("10.245.0.0/16")));
        planner.update();
        assertThat(planner.nodePlan(IpFamily.IPV4).detector())
                .isEqualTo(new LocalDetector.SourceCidr(Cidr.parse("10.244.0.0/16")));
        assertThat(planner.nodePlan(IpFamily.IPV6).detector()).isEqualTo(new LocalDetector.None());
    }

    @Test
    void serviceRangesAreSplitByFamily() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        planner.put(new ServiceCidrObject("one", List.of(Cidr.parse("172.50.0.0/16"), Cidr.parse("fd00:172::/112"))));
        planner.put(new ServiceCidrObject("two", List.of(Cidr.parse("172.30.0.0/16"))));
        planner.update();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs())
                .containsExactly(Cidr.parse("172.30.0.0/16"), Cidr.parse("172.50.0.0/16"));
        assertThat(planner.nodePlan(IpFamily.IPV6).serviceCidrs()).containsExactly(Cidr.parse("fd00:172::/112"));
    }

    @Test
    void theNodesAddressIsTheBoundOneThenTheNodeObjectsFirstThenLoopback() {
        NodeObject object = new NodeObject("node-a", "", ips("192.168.0.10", "192.168.1.10"), List.of(), false);
        NodeSettings defaults = NodeSettings.defaults(ProxyMode.NFTABLES, "node-a");
        assertThat(new NodePlanning(defaults, object).primaryAddress(IpFamily.IPV4))
                .hasToString("192.168.0.10");
        assertThat(new NodePlanning(defaults, object).primaryAddress(IpFamily.IPV6))
                .hasToString("::1");
        assertThat(new NodePlanning(defaults, null).primaryAddress(IpFamily.IPV4))
                .hasToString("127.0.0.1");
        NodeSettings bound = new NodeSettings(
                ProxyMode.NFTABLES,
                "node-a",
                ips("192.168.1.10"),
                INTERFACES,
                defaults.detectLocal(),
                defaults.nodePortAddresses(),
                14,
                false,
                true,
                false);
        assertThat(new NodePlanning(bound, object).primaryAddress(IpFamily.IPV4))
                .hasToString("192.168.1.10");
    }

    @Test
    void theDeletionOfAnUnknownSliceChangesNothing() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(WEB);
        planner.put(slice("web", "10.244.1.11"));
        planner.update();
        planner.remove(new SliceObject.Key("default", "web-never-seen"));
        planner.remove(new SliceObject.Key("elsewhere", "web-1"));
        assertThat(planner.update().isEmpty()).isTrue();
        assertThat(planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow().clusterEndpoints())
                .hasSize(1);
    }

    @Test
    void changesBetweenTwoUpdatesCollapseAndVanishIfTheyCancelOut() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(WEB);
        planner.update();
        planner.put(but(WEB).nodePort(30080).done());
        planner.put(but(WEB).nodePort(30081).done());
        PlanDelta.ServiceChange change =
                Objects.requireNonNull(planner.update().services().get(WEB.name()));
        assertThat(Objects.requireNonNull(change.before()).ports().getFirst().frontends())
                .as("as of the last update")
                .hasSize(1);
        assertThat(Objects.requireNonNull(change.after()).ports().getFirst().frontends())
                .contains(new Frontend.NodePort(30081))
                .doesNotContain(new Frontend.NodePort(30080));

        planner.put(WEB);
        planner.remove(WEB.name());
        planner.put(but(WEB).nodePort(30081).done());
        assertThat(planner.update().isEmpty()).as("the same as before").isTrue();
    }

    @Test
    void aRenamedOrRenumberedPortOfASliceTakesTheOldEndpointsAway() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(WEB);
        SliceObject slice = slice("web", "10.244.1.11");
        planner.put(slice);
        planner.update();
        planner.put(withPort(slice, "http", 9090));
        planner.update();
        assertThat(texts(first(planner).clusterEndpoints())).containsExactly("10.244.1.11:9090");
        planner.put(withPort(slice, "web", 9090));
        planner.update();
        assertThat(first(planner).anyEndpoints()).isFalse();
    }

    @Test
    void aServiceMadeAnewWithAnotherAddressGivesTheOldOneUpAtOnce() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(WEB);
        planner.put(slice("web", "10.244.1.11"));
        planner.update();
        planner.remove(WEB.name());
        planner.put(service("web", "10.96.0.2"));
        assertThat(planner.update().services().keySet()).containsExactly(WEB.name());
        assertThat(first(planner).frontends()).containsExactly(new Frontend.ClusterIp(Ip.parse("10.96.0.2"), 80));
        assertThat(first(planner).clusterEndpoints()).hasSize(1);
    }

    @Test
    void aChangedTypeTakesAwayWhatItNoLongerHas() {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(slice("web", "10.244.1.11"));
        planner.put(but(WEB).nodePort(30080).externalLocal().done());
        planner.update();
        assertThat(first(planner).frontends()).hasSize(2);
        planner.put(WEB);
        planner.update();
        assertThat(first(planner).frontends()).hasSize(1);
        planner.put(but(WEB).type(ServiceObject.Type.EXTERNAL_NAME).done());
        planner.update();
        assertThat(planner.plan().ports(IpFamily.IPV4)).isEmpty();
        planner.put(but(WEB).nodePort(30080).done());
        planner.update();
        assertThat(first(planner).frontends()).hasSize(2);
    }

    @Test
    void endpointsAreNotLimitedInNumber() {
        int many = 65_540;
        String[] ips = new String[many];
        for (int i = 0; i < many; i++) {
            ips[i] = "10." + (100 + (i >> 16)) + "." + ((i >> 8) & 255) + "." + (i & 255);
        }
        assertThat(port(WEB, IpFamily.IPV4, slice("web", ips)).clusterEndpoints())
                .hasSize(many)
                .doesNotHaveDuplicates();
    }

    private static SliceObject withPort(SliceObject slice, String name, int number) {
        return new SliceObject(
                slice.service(),
                slice.name(),
                slice.family(),
                List.of(new SliceObject.Port(name, Protocol.TCP, number)),
                slice.endpoints());
    }

    private static PortPlan first(Planner planner) {
        return planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow();
    }

    private static PortPlan port(ServiceObject service, IpFamily family, SliceObject... slices) {
        Planner planner = planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(service);
        Stream.of(slices).forEach(planner::put);
        planner.update();
        return Objects.requireNonNull(planner.plan().services().get(new ServiceName("default", "web"))).ports().stream()
                .filter(port -> port.family() == family)
                .findFirst()
                .orElseThrow();
    }

    private static List<NodePortAddresses> nodePorts(ProxyMode mode, boolean localhost, String... cidrs) {
        Planner planner = within(mode, localhost, cidrs);
        return Stream.of(IpFamily.values())
                .map(family -> planner.nodePlan(family).nodePortAddresses())
                .toList();
    }

    private static NodePlan node(ProxyMode mode, boolean localhost, String... cidrs) {
        return within(mode, localhost, cidrs).nodePlan(IpFamily.IPV4);
    }

    private static Planner within(ProxyMode mode, boolean localhost, String... cidrs) {
        Planner planner = planner(settings(
                mode,
                localhost,
                NodeSettings.NodePortSelection.within(
                        Stream.of(cidrs).map(Cidr::parse).toList())));
        planner.update();
        return planner;
    }

    private static NodeSettings settings(
            ProxyMode mode, boolean localhost, NodeSettings.NodePortSelection nodePorts, Cidr... clusterCidrs) {
        return new NodeSettings(
                mode,
                "node-a",
                List.of(),
                INTERFACES,
                new NodeSettings.DetectLocal.ClusterCidr(List.of(clusterCidrs)),
                nodePorts,
                14,
                false,
                localhost,
                false);
    }

    private static Planner planner(NodeSettings settings) {
        return new Planner(settings);
    }

    private static List<Ip> ips(String... texts) {
        return Stream.of(texts).map(Ip::parse).toList();
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::text).toList();
    }
}
