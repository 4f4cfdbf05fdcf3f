package io.fairlead.iptables.rule;

import io.fairlead.core.net.IpPort;

/** What a rule does with a packet that meets its conditions. */
public sealed interface Target {

    /** Goes through another chain of ours, and comes back if nothing there ends its way. */
    record Jump(ChainName chain) implements Target {}

    /** Gives the packet this destination and ends its way through the table. */
    record Dnat(IpPort to) implements Target {}

    /** Discards it. */
    record Drop() implements Target {}

    /** Refuses it with ICMP port unreachable (NEH-2). */
    record Reject() implements Target {}

    /** Lets it through this hook. */
    record Accept() implements Target {}

    /** Goes back to the chain before. */
    record Return() implements Target {}

    /** Gives the packet this node's source address. */
    record Masquerade(boolean randomFully) implements Target {}

    /** Sets these bits of the packet's mark. */
    record OrMark(int bits) implements Target {}

    /** Flips these bits of the packet's mark. */
    record XorMark(int bits) implements Target {}

    /** Nothing: the rule only counts, or tells the reader something (IPT-16). */
    record Nothing() implements Target {}
}
