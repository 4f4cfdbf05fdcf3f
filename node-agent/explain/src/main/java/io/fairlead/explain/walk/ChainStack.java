package io.fairlead.explain.walk;

import io.fairlead.explain.model.RuleTable;
import java.util.HashSet;
import java.util.Set;

/**
 * The chains that a packet is in: the chain of the hook, and each chain that it entered since and has not left. Rules
 * that a kernel would not accept may be in a file, and a walk through them must end.
 */
final class ChainStack {
    /** nf_tables accepts 15 chains inside the chain of the hook (Linux 6.18: NFT_JUMP_STACK_SIZE is 16). */
    private static final int DEEPEST_NFT = 16;

    /**
     * iptables-legacy limits the depth only by the number of chains. This limit keeps the stack of this process small.
     * The nft variant has the limit of nf_tables.
     */
    private static final int DEEPEST_IPTABLES = 256;

    private final int deepest;
    private final Set<String> chains = new HashSet<>();

    private ChainStack(int deepest) {
        this.deepest = deepest;
    }

    static ChainStack of(RuleTable.Tool tool) {
        return new ChainStack(
                switch (tool) {
                    case NFT -> DEEPEST_NFT;
                    case IPTABLES, OTHER_IPTABLES -> DEEPEST_IPTABLES;
                });
    }

    /** Returns whether a packet may enter a chain: the chains form no loop and are not too many. */
    boolean canEnter(String chain) {
        return chains.size() < deepest && !chains.contains(chain);
    }

    void enter(String chain) {
        chains.add(chain);
    }

    void leave(String chain) {
        chains.remove(chain);
    }
}
