package io.fairlead.core.cluster;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * {@code spec.loadBalancerSourceRanges} of a Service.
 *
 * @param ranges those that can be read, as given; both families mixed
 * @param someUnreadable whether there are others, whose family is not known either
 */
public record SourceRanges(List<Cidr> ranges, boolean someUnreadable) {
    /** The Service restricts nobody. */
    public static final SourceRanges NONE = new SourceRanges(List.of(), false);

    /** Copies the list. */
    public SourceRanges {
        ranges = List.copyOf(ranges);
    }

    /** Ranges that can all be read. */
    public static SourceRanges of(List<Cidr> ranges) {
        return ranges.isEmpty() ? NONE : new SourceRanges(ranges, false);
    }

    /**
     * Whether the Service restricts clients of this family: a range that cannot be read may be one of either (SVC-16).
     */
    public boolean restrict(IpFamily family) {
        return someUnreadable || ranges.stream().anyMatch(range -> range.family() == family);
    }
}
