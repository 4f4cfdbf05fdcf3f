package io.fairlead.conntrack;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UdpChangesTest {
    private static final UdpFrontend CLUSTER_IP = new UdpFrontend.Address(Ip.parse("10.96.0.10"), 53);
    private static final Set<IpPort> ENDPOINT = Set.of(IpPort.parse("10.1.0.1:5353"));
    private static final Set<IpPort> OTHER_ENDPOINT = Set.of(IpPort.parse("10.1.0.2:5353"));

    @Test
    void hasEveryUdpFrontendOfANewService() {
        UdpChanges changes = UdpChanges.of(DnsCluster.withReady("10.1.0.1").delta());

        assertThat(changes.serving())
                .containsOnly(
                        Map.entry(CLUSTER_IP, ENDPOINT),
                        Map.entry(new UdpFrontend.Address(Ip.parse("203.0.113.7"), 53), ENDPOINT),
                        Map.entry(new UdpFrontend.Address(Ip.parse("203.0.113.8"), 53), ENDPOINT),
                        Map.entry(new UdpFrontend.NodePort(IpFamily.IPV4, 30053), ENDPOINT),
                        Map.entry(new UdpFrontend.Address(Ip.parse("fd00:96::10"), 53), Set.of()),
                        Map.entry(new UdpFrontend.Address(Ip.parse("2001:db8:8::8"), 53), Set.of()),
                        Map.entry(new UdpFrontend.NodePort(IpFamily.IPV6, 30053), Set.of()));
        assertThat(changes.gone()).isEmpty();
    }

    @Test
    void hasOnlyTheFamilyWhoseEndpointsChanged() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1", "fd00:1::1");
        cluster.delta();

        UdpChanges changes =
                UdpChanges.of(cluster.ready("10.1.0.2", "fd00:1::1").delta());

        assertThat(changes.serving().keySet())
                .extracting(UdpFrontend::family)
                .hasSize(4)
                .containsOnly(IpFamily.IPV4);
        assertThat(changes.serving()).containsEntry(CLUSTER_IP, OTHER_ENDPOINT);
    }

    @Test
    void isEmptyIfOnlyPoliciesAndAffinityChanged() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        cluster.delta();
        cluster.change(draft -> draft.internalLocal().externalLocal().sticky(60).sourceRanges("198.51.100.0/24"));

        assertThat(UdpChanges.of(cluster.delta())).isEqualTo(UdpChanges.NONE);
    }

    @Test
    void isEmptyIfOnlyTcpChanged() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        cluster.delta();
        SliceObject web = new SliceObject(
                service("web", "10.96.0.80").name(),
                "web-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("http", Protocol.TCP, 8080)),
                List.of(ready("10.1.0.9")));
        cluster.put(service("web", "10.96.0.80")).put(web);

        assertThat(UdpChanges.of(cluster.delta())).isEqualTo(UdpChanges.NONE);
    }

    @Test
    void hasTheFrontendsOfADeletedService() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        cluster.delta();

        UdpChanges changes = UdpChanges.of(cluster.deleteService().delta());

        assertThat(changes.serving()).isEmpty();
        assertThat(changes.gone()).hasSize(7).contains(CLUSTER_IP);
    }

    @Test
    void aFrontendThatMovesToAnotherServiceIsNotGone() {
        ServiceObject heir = but(service("heir", "10.96.0.20"))
                .externalIps("203.0.113.7")
                .ports(new ServiceObject.Port("dns", Protocol.UDP, 53, 0))
                .done();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1").put(heir);
        cluster.delta();

        UdpChanges changes = UdpChanges.of(cluster.deleteService().delta());

        assertThat(changes.serving())
                .containsOnly(Map.entry(new UdpFrontend.Address(Ip.parse("203.0.113.7"), 53), Set.of()));
        assertThat(changes.gone()).hasSize(6);
    }
}
