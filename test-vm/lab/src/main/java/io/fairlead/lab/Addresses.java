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

/** Converts Fairlead's addresses to the JDK's socket addresses, without a query to a name service. */
public final class Addresses {

    private Addresses() {}

    /** Returns the address to which a socket is bound or connects. */
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
     * Returns the protocol family of an address. A socket that is opened with it belongs to this family only; without
     * it, the JDK opens a dual-stack socket for an IPv4 address.
     */
    static ProtocolFamily protocolFamily(IpFamily family) {
        return switch (family) {
            case IPV4 -> StandardProtocolFamily.INET;
            case IPV6 -> StandardProtocolFamily.INET6;
        };
    }
}
