package io.fairlead.core.cluster;

import io.fairlead.core.net.Cidr;
import java.util.List;

/** A ServiceCIDR object: the ranges from which the API server allocates ClusterIPs (NEH-6). */
public record ServiceCidrObject(String name, List<Cidr> cidrs) {
    /** Copies the list. */
    public ServiceCidrObject {
        cidrs = List.copyOf(cidrs);
    }
}
