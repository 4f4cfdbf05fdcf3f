package io.fairlead.core.cluster;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An EndpointSlice (or one family of a legacy Endpoints object), reduced.
 *
 * @param service the Service it belongs to (label kubernetes.io/service-name)
 * @param name the slice's own name, unique in the namespace
 */
public record SliceObject(
        ServiceName service, String name, IpFamily family, List<Port> ports, List<SliceEndpoint> endpoints) {

    /**
     * One of the slice's ports.
     *
     * @param name "" if it has none
     * @param port 1 to 65535
     */
    public record Port(String name, Protocol protocol, int port) {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is out of range
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
     * @param ip its first address (EPS-4)
     * @param nodeName where it runs; null if unknown
     * @param zoneHints zones that should use it; empty means no hint (EPS-11)
     * @param nodeHints nodes that should use it; empty means no hint
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

    /** Identity of a slice: namespace and name. */
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

    /** This slice's identity. */
    public Key key() {
        return new Key(service.namespace(), name);
    }
}
