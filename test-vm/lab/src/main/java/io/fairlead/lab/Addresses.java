package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;

/** Converts between the project's addresses and the JDK's socket addresses. No name service is asked. */
public final class Addresses {

    private Addresses() {}

    /** The address that a socket is bound to, or connects to. */
    public static InetSocketAddress socketAddress(Ip ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip.bytes()), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + ip, e);
        }
    }

    static IpPort ipPort(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return new IpPort(Ip.of(internet.getAddress().getAddress()), internet.getPort());
        }
        throw new IllegalArgumentException("not an internet address: " + address);
    }

    /**
     * Returns the protocol family of an address. It makes the JDK open a socket of one family only, so that an IPv4
     * address does not get a dual-stack socket.
     */
    static ProtocolFamily protocolFamily(IpFamily family) {
        return switch (family) {
            case IPV4 -> StandardProtocolFamily.INET;
            case IPV6 -> StandardProtocolFamily.INET6;
        };
    }
}
