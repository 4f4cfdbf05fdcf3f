package io.fairlead.core.trace;

import java.util.List;

/**
 * Rules of one dialect and one address family, as {@link PacketWalk} sees them. One thread only.
 *
 * @param <C> the dialect's chains
 */
public interface TracedRules<C> {

    /** The chains that the kernel calls at a hook, in order. */
    List<C> chainsAt(HookPoint hook);

    /** Whether a chain of {@link #chainsAt} lets a packet pass that none of its rules decided on. */
    boolean accepts(C baseChain);

    /** How many rules a chain has. */
    int ruleCount(C chain);

    /**
     * Sends a packet through one rule. Every path out of the rule is reported to the walk; the shares of these paths
     * add up to the packet's share.
     *
     * @param index of the rule in {@link ChainWalk#chain}
     * @throws UnknownRuleException if the packet meets anything whose meaning is not known
     */
    void step(ChainWalk<C> walk, int index, Packet packet);

    /** The exception for a chain that leads back to itself, which the kernel refuses. */
    UnknownRuleException loop(C chain);
}
