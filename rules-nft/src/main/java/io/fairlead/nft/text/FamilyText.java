package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;

/** The words that nft uses for an address family. */
public final class FamilyText {
    private FamilyText() {}

    /** Returns "ip" or "ip6". nft uses this word for the family of a table, and for the protocol in a rule. */
    public static String of(IpFamily family) {
        return switch (family) {
            case IPV4 -> "ip";
            case IPV6 -> "ip6";
        };
    }

    static String addressType(IpFamily family) {
        return switch (family) {
            case IPV4 -> "ipv4_addr";
            case IPV6 -> "ipv6_addr";
        };
    }
}
