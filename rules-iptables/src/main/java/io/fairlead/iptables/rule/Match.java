package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One condition of a rule. If {@code negated} is true, the condition is true in the opposite case. The conditions of a
 * rule are in the order of {@link #rank()}, which is the order of kube-proxy's arguments. iptables-save prints them in
 * another order. The order does not change the meaning of Fairlead's rules.
 */
public sealed interface Match {

    /** True if the client is in this list, and was seen within this number of seconds (AFF-3). */
    record RecentCheck(ChainName list, int seconds) implements Match {}

    /** Always true. Adds the client to the list (AFF-4). */
    record RecentSet(ChainName list) implements Match {}

    /** True with this probability, independently for each packet. */
    record Random(Probability probability) implements Match {}

    /** True if the packet mark equals {@code mark} in the bits of {@code mask}. */
    record Mark(int mark, int mask, boolean negated) implements Match {}

    /** True if the source is an address of this node. */
    record SourceIsLocal() implements Match {}

    /** True if the destination is an address of this node. */
    record DestinationIsLocal() implements Match {}

    /** True if the packet has this transport protocol. */
    record IsProtocol(Protocol protocol) implements Match {}

    /** True if the destination address is in this prefix. */
    record Destination(Cidr cidr, boolean negated) implements Match {}

    /** True if the destination port is this port, 1 to 65535. Used only together with {@link IsProtocol}. */
    record DestinationPort(int port) implements Match {}

    /**
     * True if the destination port is in this range. Used only together with {@link IsProtocol}.
     *
     * @param first the first port of the range, 0 or more
     * @param last the last port of the range, more than {@code first} and at most 65535
     */
    record DestinationPorts(int first, int last) implements Match {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if {@code first} is negative, {@code last} is more than 65535, or
         *     {@code last} is not more than {@code first}
         */
        public DestinationPorts {
            if (first < 0 || last <= first || last > 65535) {
                throw new IllegalArgumentException("not a range of ports: " + first + ":" + last);
            }
        }
    }

    /** True if the source address is in this prefix. */
    record Source(Cidr cidr, boolean negated) implements Match {}

    /**
     * True if the packet arrived at this interface.
     *
     * @param prefix whether {@code name} is only a prefix of the interface's name
     */
    record InInterface(InterfaceName name, boolean prefix, boolean negated) implements Match {}

    /** True if the conntrack state of the packet is one of these states. */
    record Tracked(Set<ConnectionState> states, boolean negated) implements Match {
        /**
         * Copies the set.
         *
         * @throws IllegalArgumentException if the set is empty
         */
        public Tracked {
            if (states.isEmpty()) {
                throw new IllegalArgumentException("no connection state");
            }
            states = Collections.unmodifiableSet(EnumSet.copyOf(states));
        }
    }

    /**
     * Always true. Counts the packet in this nfacct object. The kernel evaluates this condition after all other
     * conditions.
     */
    record Counted(CounterName counter) implements Match {}

    /** Returns the position of this condition in a rule. No two conditions of one rule have the same position. */
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
            case Counted _ -> 12;
        };
    }
}
