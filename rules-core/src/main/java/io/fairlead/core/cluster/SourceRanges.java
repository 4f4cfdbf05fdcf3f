package io.fairlead.core.cluster;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * The field {@code spec.loadBalancerSourceRanges} of a Service.
 *
 * @param ranges the readable ranges of both families, in the order of the object
 * @param someUnreadable whether the field also contains ranges that cannot be parsed; their family is unknown
 */
public record SourceRanges(List<Cidr> ranges, boolean someUnreadable) {
    /** The empty field: the Service accepts every client. */
    public static final SourceRanges NONE = new SourceRanges(List.of(), false);

    /** Copies the list. */
    public SourceRanges {
        ranges = List.copyOf(ranges);
    }

    /** Returns a field that contains only these ranges. */
    public static SourceRanges of(List<Cidr> ranges) {
        return ranges.isEmpty() ? NONE : new SourceRanges(ranges, false);
    }

    /**
     * Returns whether the Service restricts the clients of this family. An unreadable range may belong to either
     * family, so it restricts both (SVC-16).
     */
    public boolean restrict(IpFamily family) {
        return someUnreadable || ranges.stream().anyMatch(range -> range.family() == family);
    }
}
