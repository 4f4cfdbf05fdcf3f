package io.fairlead.nft;

import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests how packets from local pods are recognized. */
class DetectionTest {
    private static final Ip NODE = Ip.parse("192.168.0.10");
    private static final Ip POD = Ip.parse("10.244.1.9");
    private static final Ip WEB = Ip.parse("10.96.0.1");

    static Stream<Arguments> detectors() {
        return Stream.of(
                Arguments.of(
                        new DetectLocal.ClusterCidr(List.of(Cidr.parse("10.244.0.0/16"))),
                        "ip saddr != 10.244.0.0/16 meta mark set"),
                Arguments.of(
                        new DetectLocal.BridgeInterface(new InterfaceName("veth1")),
                        "iifname != \"veth1\" meta mark set"),
                Arguments.of(
                        new DetectLocal.InterfaceNamePrefix(new InterfaceName("veth")),
                        "iifname != \"veth*\" meta mark set"));
    }

    private static NftRuleset rules(DetectLocal detect) {
        NodeSettings defaults = NodeSettings.defaults(ProxyMode.NFTABLES, "node-a");
        ServiceObject web = service("web", "10.96.0.1");
        SliceObject pods = slice("web", "10.244.1.1");
        return new NftLayout()
                .render(Planner.plan(
                        ClusterState.of(Map.of(web.name(), web), Map.of(pods.key(), pods), Map.of(), Map.of()),
                        new NodeSettings(
                                ProxyMode.NFTABLES,
                                "node-a",
                                List.of(),
                                List.of(NODE),
                                detect,
                                defaults.nodePortAddresses(),
                                14,
                                false,
                                false,
                                false)));
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void isMatchedInEachWayAndTheNodesOwnPacketsAreNoPods(DetectLocal detect, String rule) {
        NftRuleset rules = rules(detect);
        var tracer = rules.tracer(Host.of(List.of(NODE)));

        assertThat(rules.text()).contains(rule);
        assertThat(tracer.trace(new Flow(Protocol.TCP, NODE, WEB, 80)).outcome().masquerade())
                .isTrue();
        assertThat(tracer.trace(new Flow(Protocol.TCP, POD, WEB, 80, new InterfaceName("veth1")))
                        .outcome()
                        .masquerade())
                .isFalse();
        assertThat(tracer.trace(new Flow(Protocol.TCP, Ip.parse("203.0.113.9"), WEB, 80, new InterfaceName("eth0")))
                        .outcome()
                        .masquerade())
                .isTrue();
    }

    @Test
    void sourcePortsAreAlwaysRandom() {
        assertThat(rules(new DetectLocal.ClusterCidr(List.of())).text())
                .contains("masquerade fully-random")
                .doesNotContain("masquerade\n");
    }
}
