package io.fairlead.localhost;

import io.fairlead.core.net.IpPort;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** The packets of one client socket to one node port, and the socket that sends them on to an endpoint. */
final class UdpFlow {
    final Key key;
    final IpPort endpoint;
    final DatagramChannel channel;
    /** In nanoseconds of the clock of {@link UdpPorts}. */
    long lastUsed;

    /** Identifies a flow. */
    record Key(UdpPorts.Port port, InetSocketAddress client) {}

    UdpFlow(Key key, IpPort endpoint, DatagramChannel channel) {
        this.key = key;
        this.endpoint = endpoint;
        this.channel = channel;
    }
}
