package io.fairlead.core.rules;

import java.util.List;

/** The operations that turn one ruleset into another. The text that is shown is the text that is applied. */
public interface Change {

    /** Returns whether there is nothing to write. */
    boolean isEmpty();

    /** Returns the change line by line, for review. */
    ChangeReport report();

    /** Returns the numbers of lines of {@link #report()}. A dialect may count them without their text. */
    default Lines lines() {
        return report().lines();
    }

    /**
     * Returns how the change alters the number of rules, by family and table; empty in a mode for which kube-proxy
     * counts no rules (MET-2).
     */
    default List<RuleGrowth> growth() {
        return List.of();
    }

    /** Returns the standard input of the dialect's tool, byte for byte; "" if the change is empty. */
    String text();
}
