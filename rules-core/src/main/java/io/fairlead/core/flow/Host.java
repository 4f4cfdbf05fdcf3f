package io.fairlead.core.flow;

import io.fairlead.core.net.Ip;
import java.util.Collection;
import java.util.Set;

/** What the kernel knows of the node's own addresses ("addrtype LOCAL", "fib type local"). */
public record Host(Set<Ip> addresses) {

    /** Copies the set. */
    public Host {
        addresses = Set.copyOf(addresses);
    }

    /** A host with these addresses; loopback is local on every host. */
    public static Host of(Collection<Ip> addresses) {
        return new Host(Set.copyOf(addresses));
    }

    /** Whether the kernel would deliver a packet for this address to itself. */
    public boolean isLocal(Ip ip) {
        return ip.isLoopback() || addresses.contains(ip);
    }
}
