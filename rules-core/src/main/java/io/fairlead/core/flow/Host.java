package io.fairlead.core.flow;

import io.fairlead.core.net.Ip;
import java.util.Collection;
import java.util.Set;

/** The addresses that the kernel of this node treats as local ("addrtype LOCAL", "fib type local"). */
public record Host(Set<Ip> addresses) {

    /** Copies the set. */
    public Host {
        addresses = Set.copyOf(addresses);
    }

    /** Returns a host with these addresses. Loopback addresses count as local on every host and need not be listed. */
    public static Host of(Collection<Ip> addresses) {
        return new Host(Set.copyOf(addresses));
    }

    /** Returns whether the kernel delivers a packet for this address to the host itself. */
    public boolean isLocal(Ip ip) {
        return ip.isLoopback() || addresses.contains(ip);
    }
}
