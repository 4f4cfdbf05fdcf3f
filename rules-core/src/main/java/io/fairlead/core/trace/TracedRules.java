package io.fairlead.core.trace;

import java.util.List;

/**
 * The rules of one dialect and one address family, as {@link PacketWalk} sees them. One thread only.
 *
 * @param <C> the chains of the dialect
 */
public interface TracedRules<C> {

    /** Returns the chains that the kernel calls at a hook, in order. */
    List<C> chainsAt(HookPoint hook);

    /** Returns whether a chain of {@link #chainsAt} accepts a packet that none of its rules decided. */
    boolean accepts(C baseChain);

    /** Returns the number of rules of a chain. */
    int ruleCount(C chain);

    /**
     * Sends a packet through one rule. Every path out of the rule is reported to the walk. The shares of these paths
     * add up to the share of the packet.
     *
     * @param index the index of the rule in {@link ChainWalk#chain}
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    void step(ChainWalk<C> walk, int index, Packet packet);

    /** Returns the exception for a chain that leads back to itself. The kernel refuses such chains. */
    UnknownRuleException loop(C chain);
}
