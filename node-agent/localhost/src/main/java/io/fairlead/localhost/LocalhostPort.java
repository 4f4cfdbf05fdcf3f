package io.fairlead.localhost;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * A node port to be served on a loopback address.
 *
 * @param name the Service port, for the log
 * @param protocol TCP or UDP
 * @param port 1 to 65535
 * @param endpoints at least one endpoint; one of them is chosen for each connection or UDP flow
 * @param affinity whether connections of one client address go to the same endpoint, and for how long
 */
public record LocalhostPort(
        String name, IpFamily family, Protocol protocol, int port, List<IpPort> endpoints, Affinity affinity) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no endpoint, or if the protocol is SCTP, for which Java has no
     *     standard sockets
     */
    public LocalhostPort {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoints: " + name);
        }
        if (protocol == Protocol.SCTP) {
            throw new IllegalArgumentException("cannot listen for SCTP: " + name);
        }
        endpoints = List.copyOf(endpoints);
    }

    /** Identifies a listening socket: each key can be listened on only once. */
    record Key(IpFamily family, Protocol protocol, int port) {
        String text() {
            return (family == IpFamily.IPV4 ? "127.0.0.1:" : "[::1]:") + port + "/" + protocol.text();
        }
    }

    Key key() {
        return new Key(family, protocol, port);
    }

    /** Returns the loopback address and port to listen on. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(family == IpFamily.IPV4 ? "127.0.0.1" : "::1"), port);
    }

    /** Opens a socket for datagrams of the IP family of this port. */
    DatagramChannel datagramChannel() throws IOException {
        return DatagramChannel.open(
                switch (family) {
                    case IPV4 -> StandardProtocolFamily.INET;
                    case IPV6 -> StandardProtocolFamily.INET6;
                });
    }

    static InetSocketAddress socketAddress(IpPort endpoint) {
        try {
            Ip ip = endpoint.ip();
            return new InetSocketAddress(InetAddress.getByAddress(ip.bytes()), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Java did not accept an address of 4 or 16 bytes", e);
        }
    }
}
