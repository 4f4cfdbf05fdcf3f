package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.hinted;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests the planner while objects are added, moved and deleted. */
class PlannerObjectsTest {
    private static final ServiceObject WEB = service("web", "10.96.0.1");
    private static final ServiceObject SHOP = service("shop", "10.96.0.2");
    private static final ServiceCidrObject RANGE =
            new ServiceCidrObject("kubernetes", List.of(Cidr.parse("10.96.0.0/16")));

    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));

    @Test
    void aSliceThatGetsAnotherServiceLeavesTheOldOne() {
        planner.put(WEB);
        planner.put(SHOP);
        SliceObject slice = slice("web", "10.244.1.11");
        planner.put(slice);
        planner.update();

        planner.put(new SliceObject(SHOP.name(), slice.name(), slice.family(), slice.ports(), slice.endpoints()));
        planner.update();

        assertThat(endpoints(WEB)).isEmpty();
        assertThat(endpoints(SHOP)).containsExactly("10.244.1.11:8080");
    }

    @Test
    void oneSliceThatGoesLeavesTheOthersOfItsService() {
        planner.put(WEB);
        SliceObject first = slice("web", "10.244.1.11");
        SliceObject second =
                new SliceObject(WEB.name(), "web-2", IpFamily.IPV4, first.ports(), List.of(ready("10.244.1.12")));
        planner.put(first);
        planner.put(second);
        planner.remove(first.key());
        planner.update();
        assertThat(endpoints(WEB)).containsExactly("10.244.1.12:8080");

        planner.remove(second.key());
        assertThat(planner.update().services()).containsOnlyKeys(WEB.name());
        assertThat(endpoints(WEB)).isEmpty();
    }

    @Test
    void theZoneOfThisNodeComesAndGoesWithItsObject() {
        planner.put(WEB);
        planner.put(slice(
                "web",
                hinted(ready("10.244.1.11"), Set.of("zone-a"), Set.of()),
                hinted(ready("10.244.1.12"), Set.of("zone-b"), Set.of())));
        planner.update();
        assertThat(endpoints(WEB)).hasSize(2);

        planner.put(node("node-a", ""));
        planner.update();
        planner.put(node("node-a", "zone-a"));
        assertThat(planner.update().nodeChanged()).as("the zone is of Services").isFalse();
        assertThat(endpoints(WEB)).containsExactly("10.244.1.11:8080");

        planner.put(node("node-b", "zone-b"));
        planner.removeNode("node-b");
        planner.removeNode("node-never-seen");
        assertThat(planner.update().isEmpty()).as("other nodes").isTrue();

        planner.removeNode("node-a");
        planner.update();
        assertThat(endpoints(WEB)).hasSize(2);
    }

    @Test
    void aServiceRangeComesChangesAndGoes() {
        planner.put(RANGE);
        assertThat(planner.update().nodeChanged()).isTrue();
        planner.put(RANGE);
        assertThat(planner.update().isEmpty()).as("the same again").isTrue();

        planner.put(new ServiceCidrObject(RANGE.name(), List.of(Cidr.parse("10.97.0.0/16"))));
        assertThat(planner.update().nodeChanged()).isTrue();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).containsExactly(Cidr.parse("10.97.0.0/16"));

        planner.removeServiceCidr("never-seen");
        assertThat(planner.update().isEmpty()).isTrue();
        planner.removeServiceCidr(RANGE.name());
        assertThat(planner.update().nodeChanged()).isTrue();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).isEmpty();
    }

    @Test
    void aWholeClusterReplacesAllKindsOfObjects() {
        SliceObject slice = slice(
                "web",
                hinted(ready("10.244.1.11"), Set.of("zone-a"), Set.of()),
                hinted(ready("10.244.1.12"), Set.of("zone-b"), Set.of()));
        ClusterState full = ClusterState.of(
                Map.of(WEB.name(), WEB),
                Map.of(slice.key(), slice),
                Map.of("node-a", node("node-a", "zone-b")),
                Map.of(RANGE.name(), RANGE));
        planner.replace(full);
        planner.update();
        assertThat(endpoints(WEB)).containsExactly("10.244.1.12:8080");
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).isEqualTo(RANGE.cidrs());

        planner.replace(ClusterState.EMPTY);
        planner.update();
        assertThat(planner.plan().services()).isEmpty();
        assertThat(planner.nodePlan(IpFamily.IPV4).serviceCidrs()).isEmpty();

        planner.put(WEB);
        planner.put(slice);
        planner.update();
        assertThat(endpoints(WEB)).as("the zone has gone, too").hasSize(2);
    }

    @Test
    void aServiceThatComesTakesAFrontendFromOneThatGoesAfterItByName() {
        planner.put(but(WEB).nodePort(30080).done());
        planner.update();
        planner.put(but(SHOP).nodePort(30080).done());

        assertThat(planner.update().services()).containsOnlyKeys(SHOP.name(), WEB.name());
        assertThat(planner.plan().conflicts())
                .extracting(Conflict::text)
                .containsExactly("default/web:http/tcp: node port 30080 is already used by default/shop:http/tcp");
    }

    @Test
    void settingsThatAreTheSameChangeNothing() {
        planner.put(WEB);
        planner.update();
        planner.settings(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        assertThat(planner.update().isEmpty()).isTrue();
    }

    @Test
    void anUpdateComesBeforeThePlan() {
        assertThatThrownBy(planner::plan).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeltaHasThePortsOfEachFamilyBeforeAndAfter() {
        planner.put(but(WEB).nodePort(30080).done());
        PlanDelta first = planner.update();
        assertThat(first.isEmpty()).isFalse();
        assertThat(first.before(IpFamily.IPV4)).isEmpty();
        assertThat(first.after(IpFamily.IPV4)).hasSize(1);
        assertThat(first.after(IpFamily.IPV6)).isEmpty();
        assertThat(planner.plan().mode()).isEqualTo(ProxyMode.NFTABLES);
        Plan before = planner.plan();

        planner.remove(WEB.name());
        planner.put(SHOP);
        PlanDelta second = planner.update();
        assertThat(names(second.before(IpFamily.IPV4))).containsExactly("web");
        assertThat(names(second.after(IpFamily.IPV4))).containsExactly("shop");
        assertThat(before.with(second)).isEqualTo(planner.plan());
        assertThat(new PlanDelta(new TreeMap<>(), true).isEmpty())
                .as("the node's part alone")
                .isFalse();
        assertThatThrownBy(() -> before.with(new PlanDelta(new TreeMap<>(), true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> endpoints(ServiceObject service) {
        ServiceName name = service.name();
        return planner.plan()
                .ports(IpFamily.IPV4)
                .filter(port -> port.name().service().equals(name))
                .flatMap(port -> port.clusterEndpoints().stream())
                .map(Endpoint::text)
                .toList();
    }

    private static List<String> names(List<PortPlan> ports) {
        return ports.stream().map(port -> port.name().service().name()).toList();
    }

    private static NodeObject node(String name, String zone) {
        return new NodeObject(name, zone, List.of(Ip.parse("192.168.0.10")), List.of(), false);
    }
}
