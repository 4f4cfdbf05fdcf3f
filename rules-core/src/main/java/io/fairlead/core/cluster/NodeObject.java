package io.fairlead.core.cluster;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.List;

/**
 * A Node, reduced.
 *
 * @param zone label topology.kubernetes.io/zone; "" if it has none
 * @param addresses InternalIPs, then ExternalIPs (PROTO-8)
 * @param podCidrs spec.podCIDRs
 * @param beingDeleted deletion timestamp or taint ToBeDeletedByClusterAutoscaler (HTTP-6)
 */
public record NodeObject(String name, String zone, List<Ip> addresses, List<Cidr> podCidrs, boolean beingDeleted) {
    /** Copies the lists. */
    public NodeObject {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }
}
