package io.fairlead.conntrack;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cluster with one Service, "dns", with the ports 53 for UDP and TCP. The endpoints serve both at their port 5353.
 * The Service has the ClusterIPs 10.96.0.10 and fd00:96::10, the node port 30053 (only UDP), the external IP
 * 203.0.113.7, and the load balancer IPs 203.0.113.8 and 2001:db8:8::8.
 */
final class DnsCluster {
    static final ServiceName DNS = new ServiceName("default", "dns");

    private static final ServiceObject SERVICE = but(ClusterObjects.alsoAt(service("dns", "10.96.0.10"), "fd00:96::10"))
            .ports(
                    new ServiceObject.Port("dns", Protocol.UDP, 53, 30053),
                    new ServiceObject.Port("dns-tcp", Protocol.TCP, 53, 0))
            .externalIps("203.0.113.7")
            .loadBalancerIps("203.0.113.8", "2001:db8:8::8")
            .done();

    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));

    /** Returns the cluster with the Service and ready endpoints at these IPv4 and IPv6 addresses. */
    static DnsCluster withReady(String... ips) {
        DnsCluster cluster = new DnsCluster();
        cluster.planner.put(SERVICE);
        return cluster.ready(ips);
    }

    DnsCluster ready(String... ips) {
        return endpoints(Stream.of(ips).map(ClusterObjects::ready).toArray(SliceEndpoint[]::new));
    }

    /** Replaces all endpoints. Each family has its own slice. */
    DnsCluster endpoints(SliceEndpoint... endpoints) {
        for (IpFamily family : IpFamily.values()) {
            List<SliceEndpoint> ofFamily = Stream.of(endpoints)
                    .filter(endpoint -> endpoint.ip().family() == family)
                    .toList();
            planner.put(slice(family, 5353, ofFamily));
        }
        return this;
    }

    /** Replaces all IPv4 endpoints by one endpoint with another port. */
    DnsCluster targetPort(String ip, int port) {
        planner.put(slice(IpFamily.IPV4, port, List.of(ClusterObjects.ready(ip))));
        return this;
    }

    DnsCluster change(UnaryOperator<ClusterObjects.Draft> change) {
        return put(change.apply(but(SERVICE)).done());
    }

    DnsCluster put(ServiceObject service) {
        planner.put(service);
        return this;
    }

    DnsCluster put(SliceObject slice) {
        planner.put(slice);
        return this;
    }

    DnsCluster deleteService() {
        planner.remove(DNS);
        return this;
    }

    PlanDelta delta() {
        return planner.update();
    }

    private static SliceObject slice(IpFamily family, int port, List<SliceEndpoint> endpoints) {
        return new SliceObject(
                DNS,
                "dns-" + family,
                family,
                List.of(
                        new SliceObject.Port("dns", Protocol.UDP, port),
                        new SliceObject.Port("dns-tcp", Protocol.TCP, port)),
                endpoints);
    }
}
