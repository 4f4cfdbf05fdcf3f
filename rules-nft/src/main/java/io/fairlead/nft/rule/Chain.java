package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An nftables chain.
 *
 * @param hook the hook at which the kernel calls the chain; null if only rules jump to the chain
 * @param origin the Service port to which the chain belongs, or the node; unknown if the chain was read and its Service
 *     port was not found
 */
public record Chain(ChainName name, @Nullable Hook hook, Comment comment, List<Rule> rules, Origin origin) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** Creates a chain whose origin is the node. */
    public Chain(ChainName name, @Nullable Hook hook, Comment comment, List<Rule> rules) {
        this(name, hook, comment, rules, new Origin.Node());
    }

    /** Returns this chain with other rules. */
    public Chain with(List<Rule> others) {
        return new Chain(name, hook, comment, others, origin);
    }

    /** Returns this chain without rules. */
    public Chain declaration() {
        return rules.isEmpty() ? this : with(List.of());
    }
}
