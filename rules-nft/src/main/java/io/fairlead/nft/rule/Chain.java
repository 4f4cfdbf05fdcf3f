package io.fairlead.nft.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain.
 *
 * @param hook where the kernel calls it; null if only other rules do
 */
public record Chain(ChainName name, @Nullable Hook hook, Comment comment, List<Rule> rules) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** The same without rules. */
    public Chain declaration() {
        return rules.isEmpty() ? this : new Chain(name, hook, comment, List.of());
    }
}
