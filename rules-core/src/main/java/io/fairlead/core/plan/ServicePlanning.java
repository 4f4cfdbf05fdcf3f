package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the plan that one Service asks for, from the Service and its slices. Later, {@link Claims} decides which of
 * the requested frontends the Service holds.
 */
record ServicePlanning(
        ServiceObject service, Collection<SliceObject> slices, List<Backend> backends, NodePlanning node) {

    /** Returns the plan that the Service asks for. It includes every frontend that the Service claims. */
    ServicePlan plan() {
        NoRules noRules = noRules();
        return new ServicePlan(
                service.name(),
                noRules == null ? ports() : List.of(),
                noRules,
                List.of(),
                noRules == null ? refused() : List.of(),
                noRules == null ? service.annotations().ignored() : List.of(),
                noRules == null ? healthChecks() : List.of());
    }

    private @Nullable NoRules noRules() {
        if (service.type() == ServiceObject.Type.EXTERNAL_NAME) {
            return NoRules.EXTERNAL_NAME;
        }
        return switch (service.selection()) {
            case OTHER_PROXY -> NoRules.OTHER_PROXY;
            case HEADLESS -> NoRules.HEADLESS;
            case NO_CLUSTER_IP -> NoRules.NO_CLUSTER_IP;
            case SERVED -> {
                if (service.ports().isEmpty()) {
                    yield NoRules.NO_PORTS;
                }
                yield service.clusterIps().isEmpty() ? NoRules.NO_CLUSTER_IP : null;
            }
        };
    }

    private List<PortPlan> ports() {
        List<PortPlan> plans = new ArrayList<>();
        for (ServiceObject.Port port : service.ports()) {
            for (IpFamily family : IpFamily.values()) {
                Ip clusterIp = service.clusterIps().get(family);
                if (clusterIp != null) {
                    plans.add(plan(port, family, clusterIp));
                }
            }
        }
        plans.sort((a, b) -> {
            int byName = a.name().compareTo(b.name());
            return byName != 0 ? byName : a.family().compareTo(b.family());
        });
        return plans;
    }

    private List<RefusedAddress> refused() {
        List<RefusedAddress> refused = new ArrayList<>();
        ServedRanges served = node.settings().served();
        refuse(RefusedAddress.Kind.EXTERNAL_IP, service.externalIps(), served.externalIps(), refused);
        refuse(RefusedAddress.Kind.LOAD_BALANCER_IP, service.loadBalancerIps(), served.loadBalancerIps(), refused);
        return refused;
    }

    private static void refuse(
            RefusedAddress.Kind kind, List<Ip> ips, ServedAddresses served, List<RefusedAddress> refused) {
        if (served instanceof ServedAddresses.Within within) {
            ips.stream()
                    .filter(ip -> !within.contains(ip))
                    .forEach(ip -> refused.add(new RefusedAddress(kind, ip, within)));
        }
    }

    private List<HealthCheck> healthChecks() {
        if (healthCheckNodePort() == 0) {
            return List.of();
        }
        List<HealthCheck> checks = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            if (service.clusterIps().containsKey(family)) {
                checks.add(new HealthCheck(service.name(), family, healthCheckNodePort(), localReady(family)));
            }
        }
        return checks;
    }

    private PortPlan plan(ServiceObject.Port port, IpFamily family, Ip clusterIp) {
        PortEndpoints endpoints = endpoints(port, family);
        List<Frontend> frontends = frontends(port, family, clusterIp);
        // An external IP that is not allowed has no frontend. The policies still apply as if it had one, as in
        // kube-proxy (EXTIP-6).
        boolean reachedFromOutside = hasAny(service.externalIps(), family);
        boolean balanced = false;
        for (Frontend frontend : frontends) {
            reachedFromOutside |= frontend.external();
            balanced |= frontend instanceof Frontend.LoadBalancerIp;
        }
        TrafficPolicy external =
                reachedFromOutside && externalPolicyCounts() ? service.externalTrafficPolicy() : TrafficPolicy.CLUSTER;
        boolean usesCluster = service.internalTrafficPolicy() == TrafficPolicy.CLUSTER || reachedFromOutside;
        boolean usesLocal = service.internalTrafficPolicy() == TrafficPolicy.LOCAL || external == TrafficPolicy.LOCAL;
        AllowedSources allowed = balanced ? allowedSources(family) : new AllowedSources.All();
        Ip nodeAddress = node.primaryAddress(family);
        return new PortPlan(
                new ServicePortName(service.name(), port.name(), port.protocol()),
                family,
                clusterIp,
                frontends,
                usesCluster ? endpoints.cluster() : List.of(),
                usesLocal ? endpoints.local() : List.of(),
                endpoints.any(),
                port.protocol() == Protocol.UDP ? endpoints.serving() : List.of(),
                service.internalTrafficPolicy(),
                external,
                service.affinity(),
                allowed,
                contain(allowed.ranges(), nodeAddress),
                healthCheckNodePort(),
                endpoints.split().within(usesCluster, usesLocal));
    }

    private PortEndpoints endpoints(ServiceObject.Port port, IpFamily family) {
        if (backends.isEmpty()) {
            return PortEndpoints.of(selection(slices, port.name(), port.protocol(), family));
        }
        List<PortEndpoints.OfBackend> ofBackends = new ArrayList<>();
        for (Backend backend : backends) {
            String name = backend.portFor(port);
            if (name != null) {
                EndpointSelection selected = selection(backend.slices(), name, port.protocol(), family);
                ofBackends.add(new PortEndpoints.OfBackend(backend, selected));
            }
        }
        return PortEndpoints.of(ofBackends);
    }

    private EndpointSelection selection(
            Collection<SliceObject> of, String portName, Protocol protocol, IpFamily family) {
        return EndpointSelection.of(
                of, portName, protocol, family, node.settings().nodeName(), node.zone());
    }

    private static boolean hasAny(List<Ip> ips, IpFamily family) {
        for (Ip ip : ips) {
            if (ip.family() == family) {
                return true;
            }
        }
        return false;
    }

    private static boolean contain(List<Cidr> ranges, Ip ip) {
        for (Cidr range : ranges) {
            if (range.contains(ip)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the frontends of one Service port, at most one per key. If an address is both an external IP and a load
     * balancer IP, iptables mode uses the external IP, because its rule comes first. nftables mode uses the load
     * balancer IP, because its map element replaces the element of the external IP (EXTIP-5).
     */
    private List<Frontend> frontends(ServiceObject.Port port, IpFamily family, Ip clusterIp) {
        List<Frontend> wanted = new ArrayList<>();
        wanted.add(new Frontend.ClusterIp(clusterIp, port.port()));
        ServedRanges served = node.settings().served();
        for (Ip ip : service.externalIps()) {
            if (served.externalIps().contains(ip)) {
                wanted.add(new Frontend.ExternalIp(ip, port.port()));
            }
        }
        for (Ip ip : service.loadBalancerIps()) {
            if (served.loadBalancerIps().contains(ip)) {
                wanted.add(new Frontend.LoadBalancerIp(ip, port.port()));
            }
        }
        if (wanted.size() == 1 && clusterIp.family() == family) {
            return withNodePort(wanted, port);
        }
        boolean firstCounts = node.settings().mode() == ProxyMode.IPTABLES;
        Map<Frontend.Key, Frontend> byKey = new TreeMap<>();
        for (Frontend frontend : wanted) {
            Frontend.Key key = frontend.key(port.protocol());
            if (key instanceof Frontend.Key.Vip vip && vip.ip().family() == family) {
                byKey.merge(key, frontend, (old, now) -> firstCounts ? old : now);
            }
        }
        List<Frontend> frontends = new ArrayList<>();
        wanted.stream().filter(byKey::containsValue).distinct().forEach(frontends::add);
        return withNodePort(frontends, port);
    }

    private static List<Frontend> withNodePort(List<Frontend> frontends, ServiceObject.Port port) {
        if (port.nodePort() != 0) {
            frontends.add(new Frontend.NodePort(port.nodePort()));
        }
        return frontends;
    }

    /** Returns whether {@code externalTrafficPolicy} has an effect for the type of this Service (SVC-26). */
    private boolean externalPolicyCounts() {
        return switch (service.type()) {
            case NODE_PORT, LOAD_BALANCER -> true;
            case CLUSTER_IP -> !service.externalIps().isEmpty();
            case EXTERNAL_NAME -> false;
        };
    }

    /** Returns the clients that may use the load balancer IPs (SVC-16, SVC-17, LBF-9). */
    private AllowedSources allowedSources(IpFamily family) {
        List<Cidr> ranges = service.loadBalancerSourceRanges().ranges().stream()
                .filter(range -> range.family() == family)
                .toList();
        boolean all = !service.loadBalancerSourceRanges().restrict(family)
                || ranges.stream().anyMatch(range -> range.prefixLength() == 0);
        return all ? new AllowedSources.All() : new AllowedSources.Within(Cidr.merge(ranges));
    }

    /** Returns the health check node port; 0 if the Service has none in effect (SVC-19). */
    private int healthCheckNodePort() {
        return service.type() == ServiceObject.Type.LOAD_BALANCER
                        && service.externalTrafficPolicy() == TrafficPolicy.LOCAL
                ? service.healthCheckNodePort()
                : 0;
    }

    private int localReady(IpFamily family) {
        String nodeName = node.settings().nodeName();
        Stream<SliceObject> counted = backends.isEmpty()
                ? slices.stream()
                : backends.stream()
                        .filter(backend -> backend.weight() > 0)
                        .flatMap(backend -> backend.slices().stream());
        return (int) counted.filter(
                        slice -> slice.family() == family && !slice.ports().isEmpty())
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.ready() && !nodeName.isEmpty())
                .filter(endpoint -> nodeName.equals(Objects.requireNonNullElse(endpoint.nodeName(), "")))
                .map(SliceObject.SliceEndpoint::ip)
                .distinct()
                .count();
    }
}
