package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The addresses on which Services may be served, of one kind: external IPs or load balancer IPs. A Service author
 * chooses these addresses, so without a limit an author can take over packets to any address (CVE-2020-8554).
 */
public sealed interface ServedAddresses {

    /** Returns whether Services may be served on this address. */
    default boolean contains(Ip ip) {
        return switch (this) {
            case All _ -> true;
            case None _ -> false;
            case Within(List<Cidr> ranges) -> ranges.stream().anyMatch(range -> range.contains(ip));
        };
    }

    /** Every address is served, as in kube-proxy. */
    record All() implements ServedAddresses {}

    /** No address is served. A feature gate of kube-proxy decides this, so refused addresses are not reported. */
    record None() implements ServedAddresses {}

    /**
     * Only addresses in one of these ranges are served. A refused address is reported.
     *
     * @param ranges the ranges of both families; an empty list serves no address
     */
    record Within(List<Cidr> ranges) implements ServedAddresses {
        /** Copies the list. */
        public Within {
            ranges = List.copyOf(ranges);
        }

        /** Returns the ranges as text: "192.0.2.0/24, 2001:db8::/32"; "none" if there are none. */
        String text() {
            return ranges.isEmpty() ? "none" : ranges.stream().map(Cidr::text).collect(Collectors.joining(", "));
        }
    }
}
