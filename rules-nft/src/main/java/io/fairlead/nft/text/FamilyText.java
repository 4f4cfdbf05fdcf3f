package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;

/** nft's words for a family. */
public final class FamilyText {
    private FamilyText() {}

    /** "ip" or "ip6": the family of tables, and the protocol in rules. */
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
