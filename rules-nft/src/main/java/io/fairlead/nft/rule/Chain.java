package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain.
 *
 * @param hook the hook at which the kernel calls the chain; null if only other rules call it
 * @param origin the Service port of the chain, or the node
 */
public record Chain(ChainName name, @Nullable Hook hook, Comment comment, List<Rule> rules, Origin origin) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** A chain of the node. */
    public Chain(ChainName name, @Nullable Hook hook, Comment comment, List<Rule> rules) {
        this(name, hook, comment, rules, new Origin.Node());
    }

    /** Returns the chain with other rules. */
    public Chain with(List<Rule> others) {
        return new Chain(name, hook, comment, others, origin);
    }

    /** Returns the chain without rules. */
    public Chain declaration() {
        return rules.isEmpty() ? this : with(List.of());
    }
}
