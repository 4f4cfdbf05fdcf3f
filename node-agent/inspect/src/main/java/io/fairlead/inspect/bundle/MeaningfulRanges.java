package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.Arrays;
import java.util.List;

/** The ranges that a reader of an anonymised bundle must still recognise. */
final class MeaningfulRanges {
    /** Addresses that mean the same on every node. */
    private static final List<Cidr> UNCHANGED = cidrs(
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/128", "::1/128", "fe80::/10", "ff00::/8");

    private static final List<Cidr> RECOGNISABLE = cidrs(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "64:ff9b::/96",
            "::ffff:0:0/96");

    private static final List<Prefix> PREFIXES = List.of(UNCHANGED, RECOGNISABLE).stream()
            .flatMap(List::stream)
            .map(range ->
                    new Prefix(range.family(), AddressBits.of(range.network()).substring(0, range.prefixLength())))
            .toList();

    private record Prefix(IpFamily family, String bits) {}

    private MeaningfulRanges() {}

    private static List<Cidr> cidrs(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }

    /** Returns whether an address stays, because it has a meaning of its own. */
    static boolean isUnchanged(Ip ip) {
        return UNCHANGED.stream().anyMatch(range -> range.contains(ip));
    }

    /** Returns whether the bit after these bits must stay, because a range with a meaning begins with them. */
    static boolean beginsWith(IpFamily family, String bits) {
        return PREFIXES.stream()
                .anyMatch(range -> range.family() == family
                        && bits.length() < range.bits().length()
                        && range.bits().startsWith(bits));
    }
}
