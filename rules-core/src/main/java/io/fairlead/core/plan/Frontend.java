package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;

/** An address at which a Service port is reached. */
public sealed interface Frontend {

    /** The Service's ClusterIP. */
    record ClusterIp(Ip ip, int port) implements Frontend {}

    /** One of {@code spec.externalIPs} (EXTIP-1). */
    record ExternalIp(Ip ip, int port) implements Frontend {}

    /** One of {@code status.loadBalancer.ingress}, in VIP mode (SVC-15); source ranges apply here (LBF-2). */
    record LoadBalancerIp(Ip ip, int port) implements Frontend {}

    /** A port on the node's own addresses (NP-1). */
    record NodePort(int port) implements Frontend {}

    /** The port number a packet carries, 1 to 65535. */
    int port();

    /** True for every kind but the ClusterIP. */
    default boolean external() {
        return !(this instanceof ClusterIp);
    }

    /** What the rules tell frontends apart by; two frontends with equal keys cannot both be served. */
    default Key key(Protocol protocol) {
        return switch (this) {
            case ClusterIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case ExternalIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case LoadBalancerIp(Ip ip, int port) -> new Key.Vip(ip, protocol, port);
            case NodePort(int port) -> new Key.Node(protocol, port);
        };
    }

    /** For people: "cluster IP 10.0.0.1:80", "node port 30080". */
    default String text() {
        return switch (this) {
            case ClusterIp(Ip ip, int port) -> "cluster IP " + at(ip, port);
            case ExternalIp(Ip ip, int port) -> "external IP " + at(ip, port);
            case LoadBalancerIp(Ip ip, int port) -> "load balancer IP " + at(ip, port);
            case NodePort(int port) -> "node port " + port;
        };
    }

    private static String at(Ip ip, int port) {
        return new io.fairlead.core.net.IpPort(ip, port).text();
    }

    /** What a packet is looked up by. */
    sealed interface Key extends Comparable<Key> {

        /** A virtual address. */
        record Vip(Ip ip, Protocol protocol, int port) implements Key {}

        /** A port of the node's addresses. */
        record Node(Protocol protocol, int port) implements Key {}

        /** The transport protocol. */
        Protocol protocol();

        /** 1 to 65535. */
        int port();

        /** For people: "10.0.0.1:80/tcp", "node port 30080/tcp". */
        default String text() {
            return switch (this) {
                case Vip(Ip ip, Protocol protocol, int port) -> at(ip, port) + "/" + protocol;
                case Node(Protocol protocol, int port) -> "node port " + port + "/" + protocol;
            };
        }

        /** Virtual addresses first, then by address, protocol and port. */
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
