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
 * Converts the elements of an interval set to ranges of addresses. For each range the kernel has two elements: the
 * first address, and an end element with the first address after the range. A range that includes the last address of
 * the family has no end element.
 */
final class Intervals {
    private Intervals() {}

    /** The first address of a range or, if {@code ends}, the first address after a range. */
    private record Boundary(Ip ip, boolean ends) {}

    /**
     * Returns the ranges in order. Adjacent ranges are joined, as everywhere in Fairlead.
     *
     * @throws IllegalArgumentException if two ranges begin without an end element between them
     */
    static List<Range> addresses(List<RawElement> elements, IpFamily family) {
        int length = family.bits() / Byte.SIZE;
        List<Boundary> boundaries = new ArrayList<>(elements.size());
        for (RawElement element : elements) {
            boundaries.add(new Boundary(element.key().ip(0, length), element.ends()));
        }
        // If one range ends and another begins at the same address, the end is sorted first.
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

    /** Returns the shortest list of prefixes that contains exactly the addresses of a range, in order. */
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
