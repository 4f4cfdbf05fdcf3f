package io.fairlead.nftables.read;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.nft.rule.ElementKey.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of a set with intervals. The kernel has an element for the first address of a range and one for the first
 * address after it, which is missing if the range reaches to the last address.
 */
final class Intervals {
    private Intervals() {}

    /** An element as an address. */
    private record Boundary(Ip ip, boolean ends) {}

    /**
     * Returns the ranges in order; adjacent ones are joined, as everywhere in Fairlead.
     *
     * @throws IllegalArgumentException if two ranges begin without an end between them
     */
    static List<Range> addresses(List<RawElement> elements, IpFamily family) {
        int length = family.bits() / Byte.SIZE;
        List<Boundary> boundaries = new ArrayList<>(elements.size());
        for (RawElement element : elements) {
            boundaries.add(new Boundary(element.key().ip(0, length), element.ends()));
        }
        // Where one range ends and the next one begins at the same address, the end comes first.
        boundaries.sort(Comparator.comparing(Boundary::ip).thenComparing(boundary -> !boundary.ends()));
        List<Range> ranges = new ArrayList<>();
        Ip first = null;
        for (Boundary boundary : boundaries) {
            if (boundary.ends()) {
                if (first != null) {
                    ranges.add(new Range(first, before(boundary.ip())));
                }
                first = null;
            } else {
                if (first != null) {
                    throw new NotOursException("a range without an end");
                }
                first = boundary.ip();
            }
        }
        if (first != null) {
            ranges.add(new Range(first, Range.of(new Cidr(zero(family), 0)).last()));
        }
        return Range.join(ranges);
    }

    /** Returns the fewest prefixes with exactly these addresses, in order. */
    static List<Cidr> prefixes(Range range) {
        List<Cidr> prefixes = new ArrayList<>();
        Ip first = range.first();
        while (first != null) {
            Cidr widest = Cidr.ofHost(first);
            for (int length = widest.prefixLength() - 1; length >= 0; length--) {
                Range wider = Range.of(new Cidr(first, length));
                if (!wider.first().equals(first) || wider.last().compareTo(range.last()) > 0) {
                    break;
                }
                widest = new Cidr(first, length);
            }
            prefixes.add(widest);
            Ip last = Range.of(widest).last();
            first = last.equals(range.last()) ? null : after(last);
        }
        return prefixes;
    }

    private static Ip zero(IpFamily family) {
        return switch (family) {
            case IPV4 -> new Ipv4(0);
            case IPV6 -> new Ipv6(0, 0);
        };
    }

    private static Ip before(Ip ip) {
        return switch (ip) {
            case Ipv4(int bits) -> new Ipv4(bits - 1);
            case Ipv6(long high, long low) -> new Ipv6(low == 0 ? high - 1 : high, low - 1);
        };
    }

    private static @Nullable Ip after(Ip ip) {
        return switch (ip) {
            case Ipv4(int bits) -> new Ipv4(bits + 1);
            case Ipv6(long high, long low) -> new Ipv6(low == -1 ? high + 1 : high, low + 1);
        };
    }
}
