package io.fairlead.core.plan;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.List;

/**
 * The plan for one port of one Service in one address family.
 *
 * @param clusterIp the ClusterIP of the Service in this family; a family without a ClusterIP has no port plan (SVC-11)
 * @param frontends the frontends that this Service port holds, in this order: ClusterIP, external IPs, load balancer
 *     IPs, node port; at most one per key
 * @param clusterEndpoints the sorted endpoints for traffic under policy Cluster (TP-1, TP-2, TP-16..19, EPS-10); also
 *     empty if no frontend uses that policy (SVC-23)
 * @param localEndpoints the sorted endpoints for traffic under policy Local (TP-4); also empty if no frontend uses that
 *     policy (SVC-24)
 * @param anyEndpoints whether any endpoint on any node can serve (TP-5). If not, packets are rejected
 * @param servingAddresses for UDP, the sorted endpoints to which existing flows may continue, even if the policies or
 *     the topology exclude these endpoints for new flows (CT-3). Flows in conntrack to other addresses are stale. Empty
 *     for other protocols
 * @param internal the traffic policy of the ClusterIP
 * @param external the traffic policy of every other frontend; LOCAL only if it is in effect (SVC-25, SVC-26)
 * @param allowedSources the clients that may use the load balancer IPs
 * @param nodeInSourceRanges whether a source range contains the address of this node. If so, packets whose source is a
 *     load balancer IP of this Service port are also accepted (LBF-4)
 * @param healthCheckNodePort 0 if the Service has no health check node port in effect (SVC-19)
 * @param split the division of the traffic between backends (SPLIT-1)
 */
public record PortPlan(
        ServicePortName name,
        IpFamily family,
        Ip clusterIp,
        List<Frontend> frontends,
        List<Endpoint> clusterEndpoints,
        List<Endpoint> localEndpoints,
        boolean anyEndpoints,
        List<IpPort> servingAddresses,
        TrafficPolicy internal,
        TrafficPolicy external,
        Affinity affinity,
        AllowedSources allowedSources,
        boolean nodeInSourceRanges,
        int healthCheckNodePort,
        Split split) {

    /** What happens to a packet to a frontend. */
    public enum Disposition {
        /** The packet is sent to one of {@link #clusterEndpoints}. */
        CLUSTER,
        /**
         * The packet is sent to one of {@link #localEndpoints}. At an external frontend, packets from pods and from
         * this node are treated as for CLUSTER.
         */
        LOCAL,
        /**
         * The packet is dropped. At an external frontend, packets from pods and from this node are treated as for
         * CLUSTER (TP-7, TP-8).
         */
        LOCAL_WITHOUT_ENDPOINTS,
        /** The packet is rejected, with an ICMP error or a TCP reset (TP-6). */
        REJECT
    }

    /** Copies the lists. */
    public PortPlan {
        frontends = List.copyOf(frontends);
        clusterEndpoints = List.copyOf(clusterEndpoints);
        localEndpoints = List.copyOf(localEndpoints);
        servingAddresses = List.copyOf(servingAddresses);
    }

    /** Returns what happens to a packet that is sent to this frontend. */
    public Disposition disposition(Frontend frontend) {
        if (!anyEndpoints) {
            return Disposition.REJECT;
        }
        return switch (frontend.external() ? external : internal) {
            case CLUSTER -> Disposition.CLUSTER;
            case LOCAL -> localEndpoints.isEmpty() ? Disposition.LOCAL_WITHOUT_ENDPOINTS : Disposition.LOCAL;
        };
    }

    /** Returns whether packets to this frontend are checked against {@link #allowedSources}. */
    public boolean firewalled(Frontend frontend) {
        return frontend instanceof Frontend.LoadBalancerIp && allowedSources instanceof AllowedSources.Within;
    }

    /** Returns this plan with other frontends. */
    PortPlan withFrontends(List<Frontend> others) {
        return new PortPlan(
                name,
                family,
                clusterIp,
                others,
                clusterEndpoints,
                localEndpoints,
                anyEndpoints,
                servingAddresses,
                internal,
                external,
                affinity,
                allowedSources,
                nodeInSourceRanges,
                healthCheckNodePort,
                split);
    }

    /** Returns the origin of every rule for this Service port. */
    public Origin origin() {
        return new Origin.Port(name);
    }
}
