package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this node must do: one immutable, sorted, comparable value. Everything shown to people and everything given to
 * the kernel is computed from it.
 *
 * @param ipv4 the node's part for IPv4
 * @param ipv6 the node's part for IPv6
 * @param services every Service that is known and in order, those without rules too
 */
public record Plan(NodePlan ipv4, NodePlan ipv6, SortedMap<ServiceName, ServicePlan> services) {

    /** Copies the map. */
    public Plan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** The node's part for one family. */
    public NodePlan node(IpFamily family) {
        return switch (family) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }

    /**
     * The plan after a change of Services. Its cost grows with the cluster.
     *
     * @throws IllegalArgumentException if the node's part has changed: the delta does not say how
     */
    public Plan with(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException("a delta does not have the node's part");
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

    /** The Service ports of one family, in order of their names. */
    public Stream<PortPlan> ports(IpFamily family) {
        return services.values().stream()
                .flatMap(service -> service.ports().stream())
                .filter(port -> port.family() == family);
    }

    /** Every frontend that was asked for twice. */
    public List<Conflict> conflicts() {
        return services.values().stream()
                .flatMap(service -> service.conflicts().stream())
                .toList();
    }

    /** The mode both families are planned for. */
    public ProxyMode mode() {
        return ipv4.mode();
    }
}
