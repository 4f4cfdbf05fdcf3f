package io.fairlead.nft.rule;

import java.util.List;

/** A rule of a chain. */
public record Rule(List<Statement> statements, Comment comment) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Rule {
        statements = List.copyOf(statements);
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("a rule without statements");
        }
    }

    /** A rule without a comment. */
    public static Rule of(Statement... statements) {
        return new Rule(List.of(statements), Comment.NONE);
    }

    /** The same with a comment. */
    public Rule withComment(String text) {
        return new Rule(statements, Comment.nearest(text));
    }

    /** Whether this is not a rule we know. */
    public boolean isForeign() {
        return statements.getFirst() instanceof Statement.ForeignRule;
    }
}
