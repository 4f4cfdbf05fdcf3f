package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this node must do: one immutable, sorted, comparable value. All output for people and all rules are computed
 * from it.
 *
 * @param ipv4 the node plan for IPv4
 * @param ipv6 the node plan for IPv6
 * @param services every known Service without problems, including those without rules
 */
public record Plan(NodePlan ipv4, NodePlan ipv6, SortedMap<ServiceName, ServicePlan> services) {

    /** Copies the map. */
    public Plan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** Returns the node plan of one family. */
    public NodePlan node(IpFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    /**
     * Returns the plan after a change of Services. The cost grows with the cluster.
     *
     * @throws IllegalArgumentException if the node plan has changed: the delta does not hold the new node plan
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

    /** Returns every frontend with more than one claim. */
    public List<Conflict> conflicts() {
        return services.values().stream()
                .flatMap(service -> service.conflicts().stream())
                .toList();
    }

    /** Returns the mode that both families are planned for. */
    public ProxyMode mode() {
        return ipv4.mode();
    }
}
