package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;

/** A frontend: an address and port, or a node port, at which clients reach a Service port. */
public sealed interface Frontend {

    /** The Service's ClusterIP. */
    record ClusterIp(Ip ip, int port) implements Frontend {}

    /** An address of {@code spec.externalIPs} (EXTIP-1). */
    record ExternalIp(Ip ip, int port) implements Frontend {}

    /**
     * An address of {@code status.loadBalancer.ingress} whose {@code ipMode} is VIP (SVC-15). Source ranges apply to
     * the address (LBF-2).
     */
    record LoadBalancerIp(Ip ip, int port) implements Frontend {}

    /** A port on the node's own addresses (NP-1). */
    record NodePort(int port) implements Frontend {}

    /** Returns the destination port of the packets, 1 to 65535. */
    int port();

    /** Returns whether the frontend is of any kind except ClusterIP. */
    default boolean external() {
        return !(this instanceof ClusterIp);
    }

    /**
     * Returns the key by which rules distinguish frontends. If two frontends have equal keys, the rules can serve only
     * one of them.
     */
    default Key key(Protocol protocol) {
        return switch (this) {
            case ClusterIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case ExternalIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case LoadBalancerIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case NodePort(int port) -> new Key.Node(protocol, port);
        };
    }

    /** Returns the text for people: "cluster IP 10.0.0.1:80", "node port 30080". */
    default String text() {
        return switch (this) {
            case ClusterIp(Ip ip, int port) -> "cluster IP " + at(ip, port);
            case ExternalIp(Ip ip, int port) -> "external IP " + at(ip, port);
            case LoadBalancerIp(Ip ip, int port) -> "load balancer IP " + at(ip, port);
            case NodePort(int port) -> "node port " + port;
        };
    }

    private static String at(Ip ip, int port) {
        return new IpPort(ip, port).text();
    }

    /**
     * The fields of a packet by which rules find the Service port: the destination address (or any node address),
     * protocol and port.
     */
    sealed interface Key extends Comparable<Key> {

        /** An IP address of a Service. */
        record Vip(Ip ip, Protocol protocol, int port) implements Key {}

        /** A port on the addresses of the node. */
        record Node(Protocol protocol, int port) implements Key {}

        /** Returns the transport protocol. */
        Protocol protocol();

        /** Returns the port, 1 to 65535. */
        int port();

        /** Returns the text for people: "10.0.0.1:80/tcp", "node port 30080/tcp". */
        default String text() {
            return switch (this) {
                case Vip(Ip ip, Protocol protocol, int port) -> at(ip, port) + "/" + protocol;
                case Node(Protocol protocol, int port) -> "node port " + port + "/" + protocol;
            };
        }

        /** Orders IP addresses of Services before node ports, then by address, protocol and port. */
        @Override
        default int compareTo(Key other) {
            return switch (this) {
                case Vip(Ip ip, Protocol protocol, int port) ->
                    switch (other) {
                        case Vip(Ip otherIp, Protocol otherProtocol, int otherPort) -> {
                            int byIp = ip.compareTo(otherIp);
                            yield byIp != 0 ? byIp : compare(protocol, port, otherProtocol, otherPort);
                        }
                        case Node _ -> -1;
                    };
                case Node(Protocol protocol, int port) ->
                    switch (other) {
                        case Vip _ -> 1;
                        case Node(Protocol otherProtocol, int otherPort) ->
                            compare(protocol, port, otherProtocol, otherPort);
                    };
            };
        }

        private static int compare(Protocol protocol, int port, Protocol otherProtocol, int otherPort) {
            int byProtocol = protocol.compareTo(otherProtocol);
            return byProtocol != 0 ? byProtocol : Integer.compare(port, otherPort);
        }
    }
}
