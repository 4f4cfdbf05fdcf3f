package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.stream.Collectors;

/** Which clients may use the load balancer addresses of a Service port, in one family (SVC-16, SVC-17, LBF-9). */
public sealed interface AllowedSources {

    /** The ranges that clients are compared with; none if all clients are allowed. */
    List<Cidr> ranges();

    /** True if the address is one of a client that is allowed. */
    default boolean contain(Ip client) {
        return switch (this) {
            case All _ -> true;
            case Within(List<Cidr> ranges) -> ranges.stream().anyMatch(range -> range.contains(client));
        };
    }

    /** For people: "all", "none", "10.0.0.0/8, 192.0.2.0/24". */
    default String text() {
        return switch (this) {
            case All _ -> "all";
            case Within(List<Cidr> ranges) ->
                ranges.isEmpty() ? "none" : ranges.stream().map(Cidr::text).collect(Collectors.joining(", "));
        };
    }

    /** Nothing is compared. */
    record All() implements AllowedSources {
        @Override
        public List<Cidr> ranges() {
            return List.of();
        }
    }

    /**
     * Clients within one of these ranges.
     *
     * @param ranges merged and sorted; empty if no client is allowed, because no range of the Service could be read
     */
    record Within(List<Cidr> ranges) implements AllowedSources {
        /** Copies the list. */
        public Within {
            ranges = List.copyOf(ranges);
        }
    }
}
