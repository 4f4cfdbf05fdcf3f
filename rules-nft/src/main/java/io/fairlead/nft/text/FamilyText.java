package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;

/** The words of nft for a family. */
public final class FamilyText {
    private FamilyText() {}

    /** Returns "ip" or "ip6": the family of tables, and the protocol in rules. */
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
