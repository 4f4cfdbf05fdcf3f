package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.stream.Collectors;

/** The clients that may use the load balancer IPs of a Service port, in one family (SVC-16, SVC-17, LBF-9). */
public sealed interface AllowedSources {

    /**
     * Returns the ranges of allowed client addresses. An empty list has two meanings: {@link All} allows every client,
     * and {@link Within} allows no client.
     */
    List<Cidr> ranges();

    /** Returns whether the client with this address is allowed. */
    default boolean contain(Ip client) {
        return switch (this) {
            case All _ -> true;
            case Within(List<Cidr> ranges) -> ranges.stream().anyMatch(range -> range.contains(client));
        };
    }

    /** Returns the text for people: "all", "none", "10.0.0.0/8, 192.0.2.0/24". */
    default String text() {
        return switch (this) {
            case All _ -> "all";
            case Within(List<Cidr> ranges) ->
                ranges.isEmpty() ? "none" : ranges.stream().map(Cidr::text).collect(Collectors.joining(", "));
        };
    }

    /** All clients are allowed. */
    record All() implements AllowedSources {
        @Override
        public List<Cidr> ranges() {
            return List.of();
        }
    }

    /**
     * The clients in one of these ranges are allowed.
     *
     * @param ranges merged and sorted. Empty if no range of the Service in this family is readable; then no client is
     *     allowed
     */
    record Within(List<Cidr> ranges) implements AllowedSources {
        /** Copies the list. */
        public Within {
            ranges = List.copyOf(ranges);
        }
    }
}
