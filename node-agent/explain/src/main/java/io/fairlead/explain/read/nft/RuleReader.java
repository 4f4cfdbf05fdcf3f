package io.fairlead.explain.read.nft;

import io.fairlead.explain.model.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the statements of one rule. If a statement has an unknown form, the text up to the next word that certainly
 * begins a statement is kept as a match with an unknown meaning. If there is no such word, the rest of the rule is kept
 * as an action with an unknown meaning.
 */
final class RuleReader {
    private static final Set<String> BEGINNINGS = Set.of(
            "accept",
            "drop",
            "return",
            "continue",
            "jump",
            "goto",
            "reject",
            "masquerade",
            "redirect",
            "dnat",
            "snat",
            "counter",
            "log",
            "queue",
            "notrack",
            "comment");

    private final Tokens tokens;
    private final List<Statement> conditions = new ArrayList<>();
    private final List<Statement> statements = new ArrayList<>();
    private final ActionReader actions;
    private final MatchReader matches;
    private String comment = "";

    RuleReader(List<Token> tokens) {
        this.tokens = new Tokens(tokens);
        ExpressionReader expressions = new ExpressionReader(this.tokens, conditions);
        this.actions = new ActionReader(this.tokens, expressions);
        this.matches = new MatchReader(this.tokens, expressions);
    }

    List<Statement> read() {
        while (tokens.more()) {
            int start = tokens.position();
            try {
                statement();
            } catch (NotUnderstoodException _) {
                notUnderstood(start);
            }
        }
        return statements;
    }

    /** Returns the comment of the rule; "" if there is none. Call {@link #read} first. */
    String comment() {
        return comment;
    }

    private void statement() {
        if (tokens.peek().is("comment") && tokens.peek(1).kind() == Token.Kind.QUOTED) {
            tokens.take();
            comment = tokens.take().text();
            return;
        }
        conditions.clear();
        Statement action = actions.read();
        Statement read = action == null ? matches.read() : action;
        statements.addAll(conditions);
        statements.add(read);
    }

    private void notUnderstood(int start) {
        tokens.backTo(start);
        int depth = 0;
        do {
            Token token = tokens.take();
            depth += token.isSymbol("{") ? 1 : token.isSymbol("}") ? -1 : 0;
        } while (tokens.more() && (depth > 0 || !begins(tokens.peek())));
        String text = tokens.text(start);
        statements.add(tokens.more() ? new Statement.UnknownMatch(text) : new Statement.UnknownAction(text));
    }

    private static boolean begins(Token token) {
        return token.kind() == Token.Kind.WORD && BEGINNINGS.contains(token.text());
    }
}
