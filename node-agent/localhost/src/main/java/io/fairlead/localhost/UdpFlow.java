package io.fairlead.localhost;

import io.fairlead.core.net.IpPort;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** The packets from one client socket to one node port, and the socket that forwards them to an endpoint. */
final class UdpFlow {
    final Key key;
    final IpPort endpoint;
    final DatagramChannel channel;
    /** The time of the last packet, in nanoseconds by the clock of {@link UdpPorts}. */
    long lastUsed;

    /** Identifies a flow by its node port and the client's address and port. */
    record Key(UdpPorts.Port port, InetSocketAddress client) {}

    UdpFlow(Key key, IpPort endpoint, DatagramChannel channel) {
        this.key = key;
        this.endpoint = endpoint;
        this.channel = channel;
    }
}
