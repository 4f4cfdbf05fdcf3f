package io.fairlead.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodePlanningTest {
    private static final NodeObject NODE = new NodeObject(
            "node-a", "", List.of(Ip.parse("192.168.0.10")), List.of(Cidr.parse("10.244.1.0/24")), false);

    @Test
    void podsAreToldByTheNodesOwnRangeOnceItIsKnown() {
        NodeSettings byNode = settings(ProxyMode.IPTABLES, new NodeSettings.DetectLocal.NodeCidr(), false);
        assertThat(plan(byNode, NODE).detector()).isEqualTo(new LocalDetector.SourceCidr(Cidr.parse("10.244.1.0/24")));
        assertThat(new NodePlanning(byNode, null).plan(IpFamily.IPV4, List.of()).detector())
                .isEqualTo(new LocalDetector.None());
    }

    @Test
    void primaryNodePortsAreEverywhereWhereTheNodeHasNoAddressOfTheFamily() {
        NodeSettings primary = NodeSettings.defaults(ProxyMode.NFTABLES, "node-a");
        NodeSettings withInterface = new NodeSettings(
                primary.mode(),
                primary.nodeName(),
                primary.bindAddresses(),
                List.of(Ip.parse("192.168.0.10"), Ip.parse("127.0.0.1")),
                primary.detectLocal(),
                primary.nodePortAddresses(),
                primary.masqueradeBit(),
                false,
                true,
                false);
        assertThat(plan(withInterface, NODE).nodePortAddresses())
                .isEqualTo(new NodePortAddresses.Only(List.of(Ip.parse("192.168.0.10"))));
        assertThat(new NodePlanning(withInterface, NODE)
                        .plan(IpFamily.IPV6, List.of())
                        .nodePortAddresses())
                .isEqualTo(new NodePortAddresses.AnyLocal(false));
    }

    @Test
    void anAddressThatIsBoundIsOfItsFamilyAlone() {
        NodeSettings defaults = NodeSettings.defaults(ProxyMode.NFTABLES, "node-a");
        NodeSettings bound = new NodeSettings(
                defaults.mode(),
                defaults.nodeName(),
                List.of(Ip.parse("fd00::5")),
                List.of(),
                defaults.detectLocal(),
                defaults.nodePortAddresses(),
                14,
                false,
                true,
                false);
        assertThat(new NodePlanning(bound, NODE).primaryAddress(IpFamily.IPV4)).hasToString("192.168.0.10");
        assertThat(new NodePlanning(bound, NODE).primaryAddress(IpFamily.IPV6)).hasToString("fd00::5");
    }

    @Test
    void invalidPacketsAreDroppedByIptablesUnlessConntrackIsLiberal() {
        NodeSettings.DetectLocal pods = new NodeSettings.DetectLocal.ClusterCidr(List.of());
        assertThat(plan(settings(ProxyMode.IPTABLES, pods, false), NODE).dropInvalid())
                .isTrue();
        assertThat(plan(settings(ProxyMode.IPTABLES, pods, true), NODE).dropInvalid())
                .isFalse();
        assertThat(plan(settings(ProxyMode.NFTABLES, pods, false), NODE).dropInvalid())
                .isFalse();
    }

    @Test
    void theMarkIsOneBitWrittenWithEightDigits() {
        assertThat(Stream.of(0, 14, 31).map(NodePlanningTest::withBit).map(NodePlan::markText))
                .containsExactly("0x00000001", "0x00004000", "0x80000000");
        assertThat(withBit(14).mark()).isEqualTo(0x4000);
        assertThatThrownBy(() -> withBit(32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> withBit(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static NodePlan withBit(int bit) {
        return new NodePlan(
                IpFamily.IPV4,
                ProxyMode.IPTABLES,
                new LocalDetector.None(),
                new NodePortAddresses.AnyLocal(true),
                bit,
                false,
                true,
                List.of(),
                true);
    }

    private static NodePlan plan(NodeSettings settings, NodeObject node) {
        return new NodePlanning(settings, node).plan(IpFamily.IPV4, List.of());
    }

    private static NodeSettings settings(ProxyMode mode, NodeSettings.DetectLocal pods, boolean liberal) {
        NodeSettings defaults = NodeSettings.defaults(mode, "node-a");
        return new NodeSettings(
                mode,
                "node-a",
                List.of(),
                List.of(),
                pods,
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                false,
                true,
                liberal);
    }
}
