package io.fairlead.iptables.rule;

import io.fairlead.core.net.IpPort;

/** The action of a rule on a packet that meets its conditions. */
public sealed interface Target {

    /** Continues in another chain of ours, and returns if no rule there decides. */
    record Jump(ChainName chain) implements Target {}

    /** Changes the destination of the packet; this table is then finished with the packet. */
    record Dnat(IpPort to) implements Target {}

    /** Drops the packet. */
    record Drop() implements Target {}

    /** Rejects the packet with ICMP port unreachable (NEH-2). */
    record Reject() implements Target {}

    /** Accepts the packet at this hook. */
    record Accept() implements Target {}

    /** Returns to the calling chain. */
    record Return() implements Target {}

    /** Replaces the source address by an address of this node. */
    record Masquerade(boolean randomFully) implements Target {}

    /** Sets these bits of the mark. */
    record OrMark(int bits) implements Target {}

    /** Flips these bits of the mark. */
    record XorMark(int bits) implements Target {}

    /** No action: the rule only counts packets or explains something to the reader (IPT-16). */
    record Nothing() implements Target {}
}
