package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One condition of a rule. A rule's conditions stand in the order of {@link #rank()}, which is the order of
 * kube-proxy's arguments; the kernel's text has another order, and none of them changes what our rules mean.
 */
public sealed interface Match {

    /** The client is on this list, seen no longer ago than this (AFF-3). */
    record RecentCheck(ChainName list, int seconds) implements Match {}

    /** Always true; puts the client on the list (AFF-4). */
    record RecentSet(ChainName list) implements Match {}

    /** True by chance. */
    record Random(Probability probability) implements Match {}

    /** The packet's mark under a mask. */
    record Mark(int mark, int mask, boolean negated) implements Match {}

    /** The source is an address of this node. */
    record SourceIsLocal() implements Match {}

    /** The destination is an address of this node. */
    record DestinationIsLocal() implements Match {}

    /** The transport protocol. */
    record IsProtocol(Protocol protocol) implements Match {}

    /** The destination address. */
    record Destination(Cidr cidr, boolean negated) implements Match {}

    /** The destination port, 1 to 65535; only together with {@link IsProtocol}. */
    record DestinationPort(int port) implements Match {}

    /**
     * The destination port is one of these; only together with {@link IsProtocol}.
     *
     * @param first 0 or more
     * @param last more than {@code first}, 65535 at most
     */
    record DestinationPorts(int first, int last) implements Match {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if it is none
         */
        public DestinationPorts {
            if (first < 0 || last <= first || last > 65535) {
                throw new IllegalArgumentException("not a range of ports: " + first + ":" + last);
            }
        }
    }

    /** The source address. */
    record Source(Cidr cidr, boolean negated) implements Match {}

    /**
     * The interface the packet came in on.
     *
     * @param prefix whether the name is only how the interface's name begins
     */
    record InInterface(InterfaceName name, boolean prefix, boolean negated) implements Match {}

    /** What conntrack says; several states mean any of them. */
    record Tracked(Set<ConnectionState> states, boolean negated) implements Match {
        /**
         * Copies the set.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Tracked {
            if (states.isEmpty()) {
                throw new IllegalArgumentException("no connection state");
            }
            states = Collections.unmodifiableSet(EnumSet.copyOf(states));
        }
    }

    /** The place among a rule's conditions; no two conditions of one rule have the same. */
    default int rank() {
        return switch (this) {
            case RecentCheck _ -> 0;
            case RecentSet _ -> 1;
            case Random _ -> 2;
            case Mark _ -> 3;
            case SourceIsLocal _ -> 4;
            case DestinationIsLocal _ -> 5;
            case IsProtocol _ -> 6;
            case Destination _ -> 7;
            case DestinationPort _, DestinationPorts _ -> 8;
            case Source _ -> 9;
            case InInterface _ -> 10;
            case Tracked _ -> 11;
        };
    }
}
