package io.fairlead.core.cluster;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Map;

/**
 * A Service object, reduced to the fields on which rules depend.
 *
 * @param selection whether this proxy serves the Service, and if not, the reason
 * @param clusterIps the ClusterIP of each family that has one (SVC-9, SVC-10); empty if the Service is headless, of
 *     type ExternalName, or has no ClusterIP yet
 * @param externalIps the external IPs of both families, in the order of the object
 * @param loadBalancerIps the ingress addresses whose {@code ipMode} is VIP (SVC-13..15), in the order of the object
 * @param loadBalancerSourceRanges the clients that may use the load balancer IPs
 * @param externalTrafficPolicy the value in the object; the planner decides whether it is in effect (SVC-25)
 * @param healthCheckNodePort the value in the object; 0 if the object has none
 * @param annotations what the annotations ask for
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
        int healthCheckNodePort,
        Annotations annotations) {

    /** The field {@code spec.type}. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /** Whether this proxy serves a Service. The labels and the field clusterIP of the Service decide. */
    public enum Selection {
        SERVED,
        /** The field clusterIP is None. */
        HEADLESS,
        /** The field clusterIP is empty. */
        NO_CLUSTER_IP,
        /** The Service has the label service.kubernetes.io/service-proxy-name. */
        OTHER_PROXY
    }

    /**
     * One entry of {@code spec.ports}.
     *
     * @param name "" if the port has no name
     * @param port 1 to 65535
     * @param nodePort 0 if the port has no node port (NP-19)
     */
    public record Port(String name, Protocol protocol, int port, int nodePort) {
        /**
         * Checks the port numbers.
         *
         * @throws IllegalArgumentException if a port number is out of range
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

    /** Creates a Service without annotations. */
    public ServiceObject(
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
        this(
                name,
                type,
                selection,
                clusterIps,
                ports,
                externalIps,
                loadBalancerIps,
                loadBalancerSourceRanges,
                internalTrafficPolicy,
                externalTrafficPolicy,
                affinity,
                healthCheckNodePort,
                Annotations.NONE);
    }

    /** Returns this Service with these annotations. */
    public ServiceObject with(Annotations others) {
        return new ServiceObject(
                name,
                type,
                selection,
                clusterIps,
                ports,
                externalIps,
                loadBalancerIps,
                loadBalancerSourceRanges,
                internalTrafficPolicy,
                externalTrafficPolicy,
                affinity,
                healthCheckNodePort,
                others);
    }
}
