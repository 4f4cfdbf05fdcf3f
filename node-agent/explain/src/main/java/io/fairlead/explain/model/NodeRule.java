package io.fairlead.explain.model;

import java.util.List;

/**
 * A rule that any program may have written.
 *
 * @param statements the matches and actions, in order. The first match that fails ends the rule
 * @param text the rule as nft or iptables-save shows it, but without the counters that iptables-save writes before a
 *     rule
 * @param comment the comment; "" if there is no comment
 * @param where the place of the rule, for example "handle 7", "rules.txt:12" or "rule 3"
 */
public record NodeRule(List<Statement> statements, String text, String comment, String where) {
    /** Copies the statements. */
    public NodeRule {
        statements = List.copyOf(statements);
    }
}
