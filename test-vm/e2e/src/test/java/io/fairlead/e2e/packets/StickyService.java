package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.service;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Service with ClientIP affinity in one node's kernel, for one family. Clients connect to every kind of address that
 * a Service can have.
 */
record StickyService(World world, IpFamily family, ServiceObject object) {
    static final int PORT = 8080;
    static final int NODE_PORT = 30080;
    /**
     * The number of endpoints in addition to the first. The probability that a client without affinity reaches the
     * first endpoint in six successive connections is 1 in 20^6.
     */
    static final int OTHERS = 19;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** An IPv4 address and an IPv6 address. */
    record Both(String v4, String v6) {
        String of(IpFamily family) {
            return family == IpFamily.IPV4 ? v4 : v6;
        }
    }

    static final Both CLUSTER_IP = new Both("10.96.0.10", "fd00:10:96::10");
    static final Both EXTERNAL_IP = new Both("198.51.100.7", "2001:db8:100::7");
    static final Both BALANCER_IP = new Both("198.51.100.8", "2001:db8:100::8");
    static final Both NODE = new Both("192.168.0.10", "fd00:192:168::10");
    static final Both POD = new Both("10.244.1.11", "fd00:10:244:1::11");
    static final Both OTHER_POD = new Both("10.244.1.12", "fd00:10:244:1::12");
    static final Both REMOTE_POD = new Both("10.244.2.11", "fd00:10:244:2::11");
    static final Both CLIENT = new Both("203.0.113.9", "2001:db8:113::9");
    static final Both OTHER_CLIENT = new Both("203.0.113.99", "2001:db8:113::99");

    static ClusterObjects.Draft sticky(int seconds) {
        return but(alsoAt(service("web", CLUSTER_IP.v4()), CLUSTER_IP.v6()))
                .externalIps(EXTERNAL_IP.v4(), EXTERNAL_IP.v6())
                .loadBalancerIps(BALANCER_IP.v4(), BALANCER_IP.v6())
                .nodePort(NODE_PORT)
                .sticky(seconds);
    }

    /** Returns the first endpoint, and a second endpoint that {@link #endpoints} adds with many ports. */
    static SliceObject.SliceEndpoint[] withOthers(SliceObject.SliceEndpoint first, String other) {
        return new SliceObject.SliceEndpoint[] {first, ready(other)};
    }

    /**
     * Replaces the endpoints of the Service. If there are two and the second is not the remote pod, the second endpoint
     * is added with many ports.
     */
    void endpoints(SliceObject.SliceEndpoint... endpoints) {
        List<SliceObject> slices = new ArrayList<>();
        if (endpoints.length == 2 && !endpoints[1].ip().equals(Ip.parse(REMOTE_POD.of(family)))) {
            slices.add(slice("first", PORT, endpoints[0]));
            IntStream.rangeClosed(1, OTHERS).forEach(i -> slices.add(slice("other-" + i, PORT + i, endpoints[1])));
        } else {
            slices.add(slice("all", PORT, endpoints));
        }
        slices.forEach(slice -> slice.endpoints()
                .forEach(endpoint -> world.listen(
                        Protocol.TCP,
                        new IpPort(endpoint.ip(), slice.ports().getFirst().port()))));
        world.kernel()
                .bring(world.plan(ClusterState.of(
                        Map.of(object.name(), object),
                        slices.stream().collect(Collectors.toMap(SliceObject::key, slice -> slice)),
                        Map.of(),
                        Map.of())));
    }

    private SliceObject slice(String name, int port, SliceObject.SliceEndpoint... endpoints) {
        return new SliceObject(
                object.name(),
                name,
                family,
                List.of(new SliceObject.Port("http", Protocol.TCP, port)),
                List.of(endpoints));
    }

    IpPort at(Both host) {
        return new IpPort(Ip.parse(host.of(family)), PORT);
    }

    IpPort asks(Both client, Both frontend) {
        return asks(client.of(family), frontend.of(family), 80);
    }

    IpPort asksNodePort(Both client) {
        return asks(client.of(family), NODE.of(family), NODE_PORT);
    }

    IpPort asks(String client, String address, int port) {
        Ip from = Ip.parse(client);
        Answer answer = world.owner(from).ask(Protocol.TCP, from, new IpPort(Ip.parse(address), port), PATIENCE);
        if (answer instanceof Answer.Answered answered) {
            return answered.at();
        }
        throw new AssertionError(client + " asked " + address + ": " + answer);
    }
}
