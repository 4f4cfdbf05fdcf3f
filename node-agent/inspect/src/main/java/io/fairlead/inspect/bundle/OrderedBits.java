package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The bits that must stay in an anonymised bundle, so that a range from one address to another contains the same
 * addresses as before.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>Two addresses keep their order if the first bit in which they differ stays. An address of the bundle is
 *       compared with the first and the last address of a range. So only those bits stay in which another address of
 *       the bundle first differs from one of these two. All other bits of a range's ends may be inverted.
 *   <li>Addresses outside of the smallest network around a range stay outside without a kept bit. So the bits before
 *       the first difference between the two ends never stay for the sake of the range.
 *   <li>A range that is a network needs no kept bit.
 *   <li>In a range's end at least {@link #HIDDEN} bits may be inverted. If the kept bits leave fewer, the bits of this
 *       end are inverted too, and ranges with this end may contain other addresses than before: hiding an address is
 *       worth more than the trace of one range.
 * </ol>
 */
final class OrderedBits {
    /** The least number of bits of a range's end that may be inverted: a reader has at least 256 candidates. */
    static final int HIDDEN = 8;

    /** No bit must stay. */
    static final OrderedBits NONE = new OrderedBits(Set.of());

    private final Set<Node> kept;

    /**
     * The place of a bit among all addresses.
     *
     * @param before the bits before it
     */
    private record Node(IpFamily family, String before) {}

    private OrderedBits(Set<Node> kept) {
        this.kept = kept;
    }

    /** Returns the bits that must stay in these texts together. */
    static OrderedBits in(Collection<String> texts) {
        TreeSet<Ip> addresses = new TreeSet<>();
        List<WrittenAddress.Range> ranges = new ArrayList<>();
        for (String text : texts) {
            for (WrittenAddress.Found found : WrittenAddress.in(text)) {
                switch (found.address()) {
                    case WrittenAddress.Single(Ip ip) -> addresses.add(ip);
                    case WrittenAddress.Sized(Ip ip, int _) -> addresses.add(ip);
                    case WrittenAddress.Range range -> {
                        addresses.add(range.first());
                        if (!range.isNetwork()) {
                            addresses.add(range.last());
                            ranges.add(range);
                        }
                    }
                }
            }
        }
        return ranges.isEmpty() ? NONE : of(ranges, differences(addresses));
    }

    /** Returns each bit in which two of the addresses first differ. */
    private static Set<Node> differences(NavigableSet<Ip> addresses) {
        Set<Node> nodes = new HashSet<>();
        Ip before = addresses.first();
        for (Ip ip : addresses.tailSet(before, false)) {
            if (ip.family() == before.family()) {
                nodes.add(new Node(ip.family(), AddressBits.of(ip).substring(0, AddressBits.common(before, ip))));
            }
            before = ip;
        }
        return nodes;
    }

    private static OrderedBits of(List<WrittenAddress.Range> ranges, Set<Node> differences) {
        Set<Node> kept = new HashSet<>();
        for (WrittenAddress.Range range : ranges) {
            for (Ip end : List.of(range.first(), range.last())) {
                List<Node> nodes = nodes(end);
                nodes.subList(range.common(), nodes.size()).stream()
                        .filter(differences::contains)
                        .forEach(kept::add);
            }
        }
        for (WrittenAddress.Range range : ranges) {
            for (Ip end : List.of(range.first(), range.last())) {
                List<Node> nodes = nodes(end);
                long free = nodes.stream()
                        .filter(node ->
                                !kept.contains(node) && !MeaningfulRanges.beginsWith(node.family(), node.before()))
                        .count();
                if (free < HIDDEN && !MeaningfulRanges.isUnchanged(end)) {
                    nodes.forEach(kept::remove);
                }
            }
        }
        return new OrderedBits(kept);
    }

    private static List<Node> nodes(Ip ip) {
        String bits = AddressBits.of(ip);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < bits.length(); i++) {
            nodes.add(new Node(ip.family(), bits.substring(0, i)));
        }
        return nodes;
    }

    /** Returns whether the bit after these bits must stay. */
    boolean keeps(IpFamily family, String before) {
        return !kept.isEmpty() && kept.contains(new Node(family, before));
    }
}
