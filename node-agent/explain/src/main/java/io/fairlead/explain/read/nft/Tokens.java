package io.fairlead.explain.read.nft;

import java.util.List;
import java.util.stream.Collectors;

/** The tokens of one rule, with a current position. */
final class Tokens {
    private static final Token NONE = new Token(Token.Kind.END, "", 0, 0);

    private final List<Token> tokens;
    private int next;

    Tokens(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    boolean more() {
        return next < tokens.size();
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return next + ahead < tokens.size() ? tokens.get(next + ahead) : NONE;
    }

    Token take() {
        Token token = peek();
        next++;
        return token;
    }

    /** Consumes the next token if it is this word. Returns whether it was. */
    boolean takeIf(String word) {
        boolean is = peek().is(word);
        next += is ? 1 : 0;
        return is;
    }

    /** Consumes the next token if it is this symbol. Returns whether it was. */
    boolean takeIfSymbol(String symbol) {
        boolean is = peek().isSymbol(symbol);
        next += is ? 1 : 0;
        return is;
    }

    /** Consumes the next token. Throws {@link NotUnderstoodException} if it is not this symbol. */
    void expect(String symbol) {
        if (!takeIfSymbol(symbol)) {
            throw new NotUnderstoodException();
        }
    }

    String word() {
        Token token = take();
        if (token.kind() != Token.Kind.WORD) {
            throw new NotUnderstoodException();
        }
        return token.text();
    }

    int position() {
        return next;
    }

    void backTo(int position) {
        next = position;
    }

    /** Consumes a block in braces with any content. */
    void skipBlock() {
        expect("{");
        int depth = 1;
        while (depth > 0 && more()) {
            Token token = take();
            depth += token.isSymbol("{") ? 1 : token.isSymbol("}") ? -1 : 0;
        }
    }

    String text(int from) {
        return text(from, next);
    }

    String text(int from, int to) {
        return tokens.subList(from, Math.min(to, tokens.size())).stream()
                .map(Token::written)
                .collect(Collectors.joining(" "))
                .replace(" ,", ",");
    }

    int size() {
        return tokens.size();
    }
}
