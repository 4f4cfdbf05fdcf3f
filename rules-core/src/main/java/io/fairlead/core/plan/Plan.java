package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The plan: what this node must do, as one immutable, sorted value that can be compared. All rules, and all output for
 * people, are computed from the plan.
 *
 * @param ipv4 the node plan for IPv4
 * @param ipv6 the node plan for IPv6
 * @param services every known Service without problems, including the Services without rules
 */
public record Plan(NodePlan ipv4, NodePlan ipv6, SortedMap<ServiceName, ServicePlan> services) {

    /** Copies the map. */
    public Plan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** Returns the part of the plan for this family that does not depend on Services. */
    public NodePlan node(IpFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    /**
     * Returns the plan that results if the Services change as in {@code delta}. The cost grows with the size of the
     * cluster.
     *
     * @throws IllegalArgumentException if the node plan has changed, because the delta does not contain the new node
     *     plan
     */
    public Plan with(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException(
                    "cannot apply a delta with a changed node plan: the delta does not contain the new node plan");
        }
        SortedMap<ServiceName, ServicePlan> changed = new TreeMap<>(services);
        delta.services().forEach((name, change) -> {
            ServicePlan after = change.after();
            if (after == null) {
                changed.remove(name);
            } else {
                changed.put(name, after);
            }
        });
        return new Plan(ipv4, ipv6, changed);
    }

    /** Returns the Service ports of one family, sorted by name. */
    public Stream<PortPlan> ports(IpFamily family) {
        return services.values().stream()
                .flatMap(service -> service.ports().stream())
                .filter(port -> port.family() == family);
    }

    /** Returns every frontend that a Service port claims and does not hold. */
    public List<Conflict> conflicts() {
        return services.values().stream()
                .flatMap(service -> service.conflicts().stream())
                .toList();
    }

    /**
     * Returns one sentence for each address on which a Service is not served, because no configured range contains the
     * address.
     */
    public List<String> refused() {
        return refused(_ -> true);
    }

    /** Returns the sentences of {@link #refused()} about this address. */
    public List<String> refused(Ip ip) {
        return refused(address -> address.ip().equals(ip));
    }

    private List<String> refused(Predicate<RefusedAddress> wanted) {
        return services.values().stream()
                .flatMap(service -> service.refused().stream()
                        .filter(wanted)
                        .map(address -> service.name() + ": " + address.text()))
                .toList();
    }

    /** Returns one sentence for each annotation that has no effect, because its value cannot be used. */
    public List<String> ignored() {
        return services.values().stream()
                .flatMap(service ->
                        service.ignored().stream().map(annotation -> service.name() + ": " + annotation.text()))
                .toList();
    }

    /** Returns the mode of both node plans. */
    public ProxyMode mode() {
        return ipv4.mode();
    }
}
