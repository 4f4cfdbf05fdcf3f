package io.fairlead.explain.model;

import java.util.List;

/**
 * A rule of any program.
 *
 * @param statements its matches and actions, in order; the first match that fails ends the rule
 * @param text the rule as the tool shows it, without counters
 * @param comment its comment; "" for none
 * @param where how to find it in its chain: "handle 7", "rules.txt:12", "rule 3"
 */
public record NodeRule(List<Statement> statements, String text, String comment, String where) {
    /** Copies the statements. */
    public NodeRule {
        statements = List.copyOf(statements);
    }
}
