package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.NFPROTO_IPV4;
import static io.fairlead.nftables.NfTables.NFPROTO_IPV6;

import io.fairlead.core.net.IpFamily;

/** The numbers of the table families. */
final class Families {
    private Families() {}

    /** Returns the kernel's number for a family. */
    static int number(IpFamily family) {
        return switch (family) {
            case IPV4 -> NFPROTO_IPV4;
            case IPV6 -> NFPROTO_IPV6;
        };
    }
}
