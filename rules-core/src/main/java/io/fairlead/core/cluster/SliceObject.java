package io.fairlead.core.cluster;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An EndpointSlice, or the part of a legacy Endpoints object for one address family, reduced to the fields on which
 * rules depend.
 *
 * @param service the Service that owns the slice (label kubernetes.io/service-name)
 * @param name the name of the slice, unique in the namespace
 */
public record SliceObject(
        ServiceName service, String name, IpFamily family, List<Port> ports, List<SliceEndpoint> endpoints) {

    /**
     * One port of the slice.
     *
     * @param name "" if the port has no name
     * @param port 1 to 65535
     */
    public record Port(String name, Protocol protocol, int port) {
        /**
         * Checks the port number.
         *
         * @throws IllegalArgumentException if the port number is out of range
         */
        public Port {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port out of range: " + port);
            }
        }
    }

    /**
     * One endpoint of the slice.
     *
     * @param ip the first address of the endpoint (EPS-4)
     * @param nodeName the node on which the endpoint runs; null if unknown
     * @param zoneHints the zones that should use the endpoint; empty if there is no hint (EPS-11)
     * @param nodeHints the nodes that should use the endpoint; empty if there is no hint
     */
    public record SliceEndpoint(
            Ip ip,
            boolean ready,
            boolean serving,
            boolean terminating,
            @Nullable String nodeName,
            Set<String> zoneHints,
            Set<String> nodeHints) {

        /** Copies the sets. */
        public SliceEndpoint {
            zoneHints = Set.copyOf(zoneHints);
            nodeHints = Set.copyOf(nodeHints);
        }
    }

    /** The identity of a slice: namespace and name. */
    public record Key(String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byNamespace = namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
        }
    }

    /** Copies the lists. */
    public SliceObject {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /** Returns the identity of this slice. */
    public Key key() {
        return new Key(service.namespace(), name);
    }
}
