package io.fairlead.core.plan;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.List;

/**
 * What to do for one port of one Service in one address family.
 *
 * @param clusterIp the Service's ClusterIP in this family; no port is planned in a family without one (SVC-11)
 * @param frontends where it is reached, without those that another Service port holds; sorted by key; cluster IP,
 *     external IPs, load balancer IPs, node port; at most one for a key
 * @param clusterEndpoints whom traffic under policy Cluster may reach (TP-1, TP-2, TP-16..19), sorted (EPS-10);
 *     empty also when no frontend uses that policy (SVC-23)
 * @param localEndpoints whom traffic under policy Local may reach (TP-4), sorted; empty also when no frontend uses it
 *     (SVC-24)
 * @param anyEndpoints whether some endpoint anywhere could serve (TP-5): decides between reject and drop
 * @param servingAddresses UDP only, else empty: every endpoint that may go on serving the flows it has, whatever
 *     policy and topology say of new ones (CT-3), sorted; flows that conntrack has to other addresses are to be
 *     forgotten
 * @param internal policy of the ClusterIP
 * @param external policy of every other frontend; LOCAL only if it is in effect (SVC-25, SVC-26)
 * @param allowedSources who may use the load balancer IPs
 * @param nodeInSourceRanges whether this node's own address is in a range: then packets from the load balancer IPs
 *     themselves are let through too (LBF-4)
 * @param healthCheckNodePort 0 for none (SVC-19)
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
        int healthCheckNodePort) {

    /** What becomes of a packet that reached a frontend. */
    public enum Disposition {
        /** To one of {@link #clusterEndpoints}. */
        CLUSTER,
        /**
         * To one of {@link #localEndpoints}; from pods and this node, if the frontend is external, as under CLUSTER.
         */
        LOCAL,
        /** Dropped; from pods and this node, if the frontend is external, as under CLUSTER (TP-7, TP-8). */
        LOCAL_WITHOUT_ENDPOINTS,
        /** Refused with an ICMP error (TP-6). */
        REJECT
    }

    /** Copies the lists. */
    public PortPlan {
        frontends = List.copyOf(frontends);
        clusterEndpoints = List.copyOf(clusterEndpoints);
        localEndpoints = List.copyOf(localEndpoints);
        servingAddresses = List.copyOf(servingAddresses);
    }

    /** What becomes of a packet to this frontend. */
    public Disposition disposition(Frontend frontend) {
        if (!anyEndpoints) {
            return Disposition.REJECT;
        }
        return switch (frontend.external() ? external : internal) {
            case CLUSTER -> Disposition.CLUSTER;
            case LOCAL -> localEndpoints.isEmpty() ? Disposition.LOCAL_WITHOUT_ENDPOINTS : Disposition.LOCAL;
        };
    }

    /** Whether packets to this frontend are checked against {@link #allowedSources}. */
    public boolean firewalled(Frontend frontend) {
        return frontend instanceof Frontend.LoadBalancerIp && allowedSources instanceof AllowedSources.Within;
    }

    /** The same with other frontends. */
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
                healthCheckNodePort);
    }

    /** The origin of every rule made from this. */
    public Origin origin() {
        return new Origin.Port(name);
    }
}
