package io.fairlead.core.cluster;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.List;

/**
 * A Node object, reduced to the fields on which rules depend.
 *
 * @param zone the value of label topology.kubernetes.io/zone; "" if the Node has no such label
 * @param addresses the addresses of type InternalIP, followed by the addresses of type ExternalIP (PROTO-8)
 * @param podCidrs spec.podCIDRs
 * @param beingDeleted whether the Node has a deletion timestamp or the taint ToBeDeletedByClusterAutoscaler (HTTP-6)
 */
public record NodeObject(String name, String zone, List<Ip> addresses, List<Cidr> podCidrs, boolean beingDeleted) {
    /** Copies the lists. */
    public NodeObject {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }
}
