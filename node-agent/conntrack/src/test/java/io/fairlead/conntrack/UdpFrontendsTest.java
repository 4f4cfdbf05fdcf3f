package io.fairlead.conntrack;

import static io.fairlead.conntrack.UdpFlows.flow;
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
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UdpFrontendsTest {
    private static final Host HOST = Host.of(List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8::1")));

    /**
     * A flow, a change of the cluster, and whether the flow is stale after the change. Before the change the cluster
     * has the endpoints 10.1.0.1, 10.1.0.2 and fd00:1::1.
     */
    record Row(String name, UnaryOperator<DnsCluster> change, String flow, boolean stale) {
        @Override
        public String toString() {
            return name + ": " + flow;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                        endpointGone(),
                        withoutEndpoints(),
                        serviceDeleted(),
                        stillServing(),
                        neverTranslated(),
                        notOurs())
                .flatMap(List::stream);
    }

    private static List<Row> endpointGone() {
        UnaryOperator<DnsCluster> gone = cluster -> cluster.ready("10.1.0.2", "fd00:1::2");
        return List.of(
                stale("cluster IP", gone, "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                stale("external IP", gone, "10.9.0.9:4000 > 203.0.113.7:53 = 10.1.0.1:5353"),
                stale("load balancer IP", gone, "10.9.0.9:4000 > 203.0.113.8:53 = 10.1.0.1:5353"),
                stale("node port", gone, "10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"),
                stale("node port on loopback", gone, "127.0.0.1:4000 > 127.0.0.1:30053 = 10.1.0.1:5353"),
                stale("IPv6 cluster IP", gone, "[fd00:9::9]:4000 > [fd00:96::10]:53 = [fd00:1::1]:5353"),
                stale("IPv6 load balancer IP", gone, "[fd00:9::9]:4000 > [2001:db8:8::8]:53 = [fd00:1::1]:5353"),
                stale("IPv6 node port", gone, "[fd00:9::9]:4000 > [2001:db8::1]:30053 = [fd00:1::1]:5353"),
                stale(
                        "target port changed",
                        cluster -> cluster.targetPort("10.1.0.1", 5300),
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                stale(
                        "terminating, not serving",
                        cluster -> cluster.endpoints(
                                ready("10.1.0.2"), endpoint("10.1.0.1", "node-a", false, false, true)),
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                kept("the other endpoint", gone, "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.2:5353"),
                kept("the other endpoint by node port", gone, "10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.2:5353"));
    }

    private static List<Row> withoutEndpoints() {
        UnaryOperator<DnsCluster> none = DnsCluster::ready;
        return List.of(
                stale("no endpoint is left", none, "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                stale("no endpoint is left, node port", none, "10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"),
                stale("no endpoint is left, IPv6", none, "[fd00:9::9]:4000 > [fd00:96::10]:53 = [fd00:1::1]:5353"),
                stale(
                        "unready",
                        cluster -> cluster.endpoints(endpoint("10.1.0.1", "node-a", false, false, false)),
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"));
    }

    private static List<Row> serviceDeleted() {
        UnaryOperator<DnsCluster> deleted = DnsCluster::deleteService;
        return List.of(
                stale("Service deleted", deleted, "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                stale("Service deleted, external IP", deleted, "10.9.0.9:4000 > 203.0.113.7:53 = 10.1.0.1:5353"),
                stale("Service deleted, node port", deleted, "10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"),
                kept("Service deleted, never translated", deleted, "10.9.0.9:4000 > 203.0.113.7:53 = 203.0.113.7:53"),
                stale(
                        "external IP taken away",
                        cluster -> cluster.change(draft -> draft.externalIps("203.0.113.99")),
                        "10.9.0.9:4000 > 203.0.113.7:53 = 10.1.0.1:5353"),
                kept(
                        "external IP taken away, cluster IP",
                        cluster -> cluster.change(draft -> draft.externalIps("203.0.113.99")),
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"),
                stale(
                        "node port changed",
                        cluster -> cluster.change(
                                draft -> draft.ports(new ServiceObject.Port("dns", Protocol.UDP, 53, 30054))),
                        "10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"),
                stale(
                        "Service handed to another proxy",
                        cluster -> cluster.change(draft -> draft.selection(ServiceObject.Selection.OTHER_PROXY)),
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"));
    }

    /** Returns the rows for the behaviour statement CT-3. */
    private static List<Row> stillServing() {
        String flow = "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353";
        String external = "10.9.0.9:4000 > 203.0.113.7:53 = 10.1.0.1:5353";
        return List.of(
                kept("nothing changed", UdpFrontendsTest::unchanged, flow),
                kept(
                        "terminating, serving",
                        cluster -> cluster.endpoints(leaving("10.1.0.1", "node-a"), ready("10.1.0.2")),
                        flow),
                kept("affinity on", cluster -> cluster.change(draft -> draft.sticky(60)), flow),
                kept(
                        "remote endpoint, internal policy Local",
                        cluster -> cluster.change(draft -> draft.internalLocal())
                                .endpoints(remote("10.1.0.1"), ready("10.1.0.2")),
                        flow),
                kept(
                        "remote endpoint, external policy Local",
                        cluster ->
                                cluster.change(draft -> draft.externalLocal()).endpoints(remote("10.1.0.1")),
                        external),
                kept(
                        "client outside the source ranges",
                        cluster -> cluster.change(draft -> draft.sourceRanges("198.51.100.0/24")),
                        "10.9.0.9:4000 > 203.0.113.8:53 = 10.1.0.1:5353"),
                kept(
                        "hints name another node",
                        cluster -> cluster.endpoints(
                                hinted(ready("10.1.0.1"), Set.of(), Set.of("node-b")),
                                hinted(ready("10.1.0.2"), Set.of(), Set.of("node-a"))),
                        flow));
    }

    /** Returns the rows for the behaviour statement CT-5. */
    private static List<Row> neverTranslated() {
        return List.of(
                stale(
                        "began before the rules",
                        UdpFrontendsTest::unchanged,
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.96.0.10:53"),
                stale(
                        "began before the rules, node port",
                        UdpFrontendsTest::unchanged,
                        "10.9.0.9:4000 > 192.0.2.1:30053 = 192.0.2.1:30053"),
                kept(
                        "began before the rules, still no endpoint serves",
                        DnsCluster::ready,
                        "10.9.0.9:4000 > 10.96.0.10:53 = 10.96.0.10:53"),
                kept(
                        "the endpoint has the frontend's own address and port",
                        cluster -> cluster.change(draft -> draft.externalIps("10.1.0.1"))
                                .targetPort("10.1.0.1", 53),
                        "10.9.0.9:4000 > 10.1.0.1:53 = 10.1.0.1:53"));
    }

    /** Returns the test cases for the behaviour statement CT-6. */
    private static List<Row> notOurs() {
        UnaryOperator<DnsCluster> gone = DnsCluster::ready;
        return List.of(
                kept("another port of the cluster IP", gone, "10.9.0.9:4000 > 10.96.0.10:54 = 10.96.0.10:54"),
                kept("another address", gone, "10.9.0.9:4000 > 10.96.0.11:53 = 10.1.0.1:5353"),
                kept(
                        "a node port's number at an address that is not local",
                        gone,
                        "10.1.0.9:4000 > 8.8.8.8:30053 = 10.1.0.1:5353"),
                kept("the Service's port at the node's address", gone, "10.9.0.9:4000 > 192.0.2.1:53 = 10.1.0.1:5353"),
                kept("straight to the endpoint", gone, "10.9.0.9:4000 > 10.1.0.1:5353 = 10.1.0.1:5353"),
                kept("from the frontend's address", gone, "10.96.0.10:53 > 10.9.0.9:4000 = 10.9.0.9:4000"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decidesWhetherAFlowIsStale(Row row) {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1", "10.1.0.2", "fd00:1::1");
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(cluster.delta()));
        frontends.apply(UdpChanges.of(row.change.apply(cluster).delta()));

        assertThat(frontends.stale(flow(row.flow), HOST)).isEqualTo(row.stale);
    }

    @Test
    void aFlowWithReplyPortZeroIsStale() {
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(DnsCluster.withReady("10.1.0.1").delta()));
        UdpFlow flow = flow("10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353");
        UdpFlow odd = new UdpFlow(flow.source(), 0, flow.destination(), 53, flow.replySource(), 0, 1);

        assertThat(frontends.stale(odd, HOST)).isTrue();
    }

    @Test
    void aForgottenFrontendHasNoStaleFlows() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(cluster.delta()));
        frontends.apply(UdpChanges.of(cluster.deleteService().delta()));
        UdpFlow flow = flow("10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353");
        assertThat(frontends.stale(flow, HOST)).isTrue();

        frontends.forgetGone();

        assertThat(frontends.stale(flow, HOST)).isFalse();
        assertThat(frontends.isEmpty()).isTrue();
    }

    @Test
    void anAddressHasPrecedenceOverANodePort() {
        ServiceObject other = but(service("other", "10.96.0.20"))
                .loadBalancerIps("192.0.2.1")
                .ports(new ServiceObject.Port("dns", Protocol.UDP, 30053, 0))
                .done();
        SliceObject slice = new SliceObject(
                other.name(),
                "other-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("dns", Protocol.UDP, 7)),
                List.of(ready("10.1.0.7")));
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(
                DnsCluster.withReady("10.1.0.1").put(other).put(slice).delta()));

        assertThat(frontends.stale(flow("10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.7:7"), HOST))
                .isFalse();
        assertThat(frontends.stale(flow("10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"), HOST))
                .isTrue();
    }

    @Test
    void aNodePortReplacesARemovedAddress() {
        ServiceObject other = but(service("other", "10.96.0.20"))
                .loadBalancerIps("192.0.2.1")
                .ports(new ServiceObject.Port("dns", Protocol.UDP, 30053, 0))
                .done();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1").put(other);
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(cluster.delta()));
        frontends.apply(UdpChanges.of(
                cluster.put(but(other).loadBalancerIps("192.0.2.77").done()).delta()));

        assertThat(frontends.stale(flow("10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.1:5353"), HOST))
                .isFalse();
        assertThat(frontends.stale(flow("10.9.0.9:4000 > 192.0.2.1:30053 = 10.1.0.7:7"), HOST))
                .isTrue();
    }

    @Test
    void mergedChangesHaveTheEffectOfSingleChanges() {
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        UdpFrontends collected = new UdpFrontends();
        collected.apply(UdpChanges.of(cluster.delta()));
        collected.apply(UdpChanges.of(cluster.deleteService().delta()));
        collected.apply(
                UdpChanges.of(cluster.change(draft -> draft).ready("10.1.0.2").delta()));
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(collected);

        assertThat(frontends.stale(flow("10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.2:5353"), HOST))
                .isFalse();
        assertThat(frontends.stale(flow("10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"), HOST))
                .isTrue();
        assertThat(frontends.families()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
        assertThat(frontends.anyNodePorts()).isTrue();
    }

    private static DnsCluster unchanged(DnsCluster cluster) {
        return cluster;
    }

    private static Row stale(String name, UnaryOperator<DnsCluster> change, String flow) {
        return new Row(name, change, flow, true);
    }

    private static Row kept(String name, UnaryOperator<DnsCluster> change, String flow) {
        return new Row(name, change, flow, false);
    }
}
