package io.fairlead.explain.model;

import io.fairlead.core.net.IpFamily;
import java.util.Locale;

/** The families of tables in nf_tables. The tables of iptables have the families IP and IP6. */
public enum TableFamily {
    IP,
    IP6,
    INET,
    ARP,
    BRIDGE,
    NETDEV;

    /** Returns the name that nft uses. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether chains of this table family see packets of an IP family at the hooks of the IP layer. */
    public boolean sees(IpFamily family) {
        return switch (this) {
            case IP -> family == IpFamily.IPV4;
            case IP6 -> family == IpFamily.IPV6;
            case INET -> true;
            case ARP, BRIDGE, NETDEV -> false;
        };
    }

    /** Returns the family of iptables' tables (IPv4) or ip6tables' tables (IPv6). */
    public static TableFamily of(IpFamily family) {
        return family == IpFamily.IPV4 ? IP : IP6;
    }
}
