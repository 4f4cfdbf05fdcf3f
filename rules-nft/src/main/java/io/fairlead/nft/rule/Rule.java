package io.fairlead.nft.rule;

import java.util.List;

/** A rule in a chain. */
public record Rule(List<Statement> statements, Comment comment) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the list is empty
     */
    public Rule {
        statements = List.copyOf(statements);
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("a rule without statements");
        }
    }

    /** Returns a rule without a comment. */
    public static Rule of(Statement... statements) {
        return new Rule(List.of(statements), Comment.NONE);
    }

    /** Returns this rule with a comment. */
    public Rule withComment(String text) {
        return new Rule(statements, Comment.nearest(text));
    }

    /** Returns whether this is a rule that Fairlead cannot have written. */
    public boolean isForeign() {
        return statements.getFirst() instanceof Statement.ForeignRule;
    }
}
