package io.fairlead.core.trace;

import java.util.List;

/**
 * The rules of one dialect (iptables or nftables) and one address family, in the form that {@link PacketWalk} needs.
 * Not thread-safe.
 *
 * @param <C> the type of the dialect's chains
 */
public interface TracedRules<C> {

    /** Returns the base chains that the kernel calls at a hook, in the order of the calls. */
    List<C> chainsAt(HookPoint hook);

    /** Returns whether a base chain accepts a packet about which none of its rules decided. */
    boolean accepts(C baseChain);

    /** Returns the number of rules of a chain. */
    int ruleCount(C chain);

    /**
     * Sends a packet through one rule. Reports every path out of the rule to {@code walk}. The shares of these paths
     * add up to the share of the packet.
     *
     * @param walk the walk through the chain that contains the rule
     * @param index the index of the rule in {@link ChainWalk#chain}
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    void step(ChainWalk<C> walk, int index, Packet packet);

    /** Returns the exception for a chain whose jumps lead back to the chain itself. The kernel refuses such chains. */
    UnknownRuleException loop(C chain);
}
