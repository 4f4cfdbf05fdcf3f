package io.fairlead.core.rules;

import java.util.List;

/** The operations that turn one ruleset into another. The text that Fairlead shows is the text that it applies. */
public interface Change {

    /** Returns whether the change has no operations. */
    boolean isEmpty();

    /** Returns the change line by line, for review. */
    ChangeReport report();

    /** Returns the numbers of lines of {@link #report()}. A dialect may count lines without creating their texts. */
    default Lines lines() {
        return report().lines();
    }

    /**
     * Returns how many rules the change adds or removes, by family and table; empty in a mode in which kube-proxy does
     * not count rules (MET-2).
     */
    default List<RuleGrowth> growth() {
        return List.of();
    }

    /** Returns the exact standard input for the dialect's tool (iptables-restore or nft); "" if the change is empty. */
    String text();
}
