package io.fairlead.iptables.rule;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.rules.Refusal;

/** The action of a rule on a packet for which all conditions of the rule are true. */
public sealed interface Target {

    /** Continues in another chain. Returns if no rule of that chain decides. */
    record Jump(ChainName chain) implements Target {}

    /** Replaces the destination of the packet. No other rule of this table sees the packet. */
    record Dnat(IpPort to) implements Target {}

    /** Drops the packet. */
    record Drop() implements Target {}

    /** Rejects the packet. A TCP reset needs a match for TCP in the rule. */
    record Reject(Refusal with) implements Target {}

    /** Accepts the packet: no other rule of this table sees it at this hook. */
    record Accept() implements Target {}

    /** Returns to the calling chain. */
    record Return() implements Target {}

    /** Replaces the source address by an address of this node. */
    record Masquerade(boolean randomFully) implements Target {}

    /** Sets these bits of the packet mark. */
    record OrMark(int bits) implements Target {}

    /** Flips these bits of the packet mark. */
    record XorMark(int bits) implements Target {}

    /** No action. The rule only counts packets, or its comment explains something to the reader (IPT-16). */
    record Nothing() implements Target {}
}
