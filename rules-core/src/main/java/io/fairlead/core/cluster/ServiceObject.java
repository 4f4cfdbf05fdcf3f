package io.fairlead.core.cluster;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.Map;

/**
 * A Service, reduced.
 *
 * @param clusterIps the ClusterIP of each family that has one (SVC-9, SVC-10); empty if headless, ExternalName or
 *     unassigned
 * @param externalIps both families mixed, in the order given
 * @param loadBalancerIps ingress addresses in VIP mode (SVC-13..15), in the order given
 * @param loadBalancerSourceRanges who may use the load balancer addresses
 * @param externalTrafficPolicy as given; whether it is in effect is the planner's question (SVC-25)
 * @param healthCheckNodePort as given; 0 for none
 * @param selection whether the Service is for this proxy at all
 */
public record ServiceObject(
        ServiceName name,
        Type type,
        Selection selection,
        Map<IpFamily, Ip> clusterIps,
        List<Port> ports,
        List<Ip> externalIps,
        List<Ip> loadBalancerIps,
        SourceRanges loadBalancerSourceRanges,
        TrafficPolicy internalTrafficPolicy,
        TrafficPolicy externalTrafficPolicy,
        Affinity affinity,
        int healthCheckNodePort) {

    /** {@code spec.type}. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /** Whether labels and clusterIP make the Service one to serve. */
    public enum Selection {
        SERVED,
        /** clusterIP: None. */
        HEADLESS,
        /** clusterIP is empty. */
        NO_CLUSTER_IP,
        /** Label service.kubernetes.io/service-proxy-name. */
        OTHER_PROXY
    }

    /**
     * One of {@code spec.ports}.
     *
     * @param name "" if it has none
     * @param port 1 to 65535
     * @param nodePort 0 for none (NP-19)
     */
    public record Port(String name, io.fairlead.core.net.Protocol protocol, int port, int nodePort) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is out of range
         */
        public Port {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port out of range: " + port);
            }
            if (nodePort < 0 || nodePort > 65535) {
                throw new IllegalArgumentException("nodePort out of range: " + nodePort);
            }
        }
    }

    /** Copies the collections. */
    public ServiceObject {
        clusterIps = Map.copyOf(clusterIps);
        ports = List.copyOf(ports);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
    }
}
