package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.endpoint;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Endpoint.Place;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests on which node an endpoint runs, according to the slices. If an endpoint on this node counted as an endpoint on
 * another node, its packets to itself would not be masqueraded.
 */
class EndpointPlaceTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "node-a, node-a, THIS_NODE",
                "node-a, node-b, OTHER_NODE",
                "node-a, -, UNKNOWN",
                "node-a, '', UNKNOWN",
                "'', node-b, UNKNOWN",
                "'', '', UNKNOWN"
            })
    void isKnownOnlyIfBothNodesHaveNames(String thisNode, String nodeOfEndpoint, Place place) {
        Planner planner = planner(thisNode, ProxyMode.IPTABLES);

        planner.put(slice("web", at(nodeOfEndpoint)));
        planner.update();

        assertThat(place(planner)).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "node-b, node-b, OTHER_NODE",
                "node-b, node-c, OTHER_NODE",
                "node-b, -, UNKNOWN",
                "-, node-b, UNKNOWN",
                "node-a, node-b, THIS_NODE",
                "node-b, node-a, THIS_NODE",
                "node-a, -, THIS_NODE",
                "-, -, UNKNOWN"
            })
    void isAnotherNodeOnlyIfAllSlicesWithTheAddressSaySo(String first, String second, Place place) {
        Planner planner = planner("node-a", ProxyMode.IPTABLES);

        planner.put(slice("web", at(first)));
        planner.put(named("web-2", slice("web", at(second))));
        planner.update();

        assertThat(place(planner)).isEqualTo(place);
    }

    /**
     * The endpoint occurs in two slices. The copy that is used says "another node", and the other copy says "this
     * node".
     */
    @Test
    void isUnknownIfALeavingCopyIsOfThisNode() {
        Planner planner = planner("node-a", ProxyMode.IPTABLES);

        planner.put(slice("web", at("node-b")));
        planner.put(named("web-2", slice("web", endpoint("10.244.2.1", "node-a", false, true, true))));
        planner.update();

        assertThat(place(planner)).isEqualTo(Place.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void thatAnEndpointIsOfAThirdNodeChangesNoPlan(ProxyMode mode) {
        Planner planner = planner("node-a", mode);
        planner.put(slice("web", at("node-b")));
        planner.update();

        planner.put(slice("web", at("node-c")));

        assertThat(planner.update().isEmpty()).isTrue();
    }

    private static Planner planner(String thisNode, ProxyMode mode) {
        Planner planner = new Planner(NodeSettings.defaults(mode, thisNode));
        planner.put(service("web", "10.96.0.10"));
        return planner;
    }

    private static SliceEndpoint at(String node) {
        return endpoint("10.244.2.1", node, true, true, false);
    }

    private static SliceObject named(String name, SliceObject slice) {
        return new SliceObject(slice.service(), name, slice.family(), slice.ports(), slice.endpoints());
    }

    private static Place place(Planner planner) {
        List<Endpoint> endpoints =
                planner.plan().ports(IpFamily.IPV4).findFirst().orElseThrow().clusterEndpoints();
        assertThat(endpoints).hasSize(1);
        return endpoints.getFirst().place();
    }
}
