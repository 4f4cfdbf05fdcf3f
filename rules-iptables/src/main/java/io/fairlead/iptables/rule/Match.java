package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One condition of a rule. The conditions of a rule are in the order of {@link #rank()}, which is the order of
 * kube-proxy's arguments. The text of the kernel has another order; the order does not change the meaning of our rules.
 */
public sealed interface Match {

    /** The client is on this list and was seen within this time (AFF-3). */
    record RecentCheck(ChainName list, int seconds) implements Match {}

    /** Always true; adds the client to the list (AFF-4). */
    record RecentSet(ChainName list) implements Match {}

    /** True with this probability. */
    record Random(Probability probability) implements Match {}

    /** The mark of the packet under a mask. */
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
         * @throws IllegalArgumentException if this is not a range of ports
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
     * The input interface of the packet.
     *
     * @param prefix whether {@code name} is only a prefix of the interface's name
     */
    record InInterface(InterfaceName name, boolean prefix, boolean negated) implements Match {}

    /** The state in conntrack is one of these. */
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

    /** Always true; counts the packet in this nfacct object. The kernel evaluates it after all other conditions. */
    record Counted(CounterName counter) implements Match {}

    /** Returns the position among the conditions of a rule; no two conditions of one rule have the same. */
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
