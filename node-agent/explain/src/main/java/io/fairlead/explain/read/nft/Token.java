package io.fairlead.explain.read.nft;

/**
 * A part of the text of nft.
 *
 * @param line from 1
 * @param column from 1
 */
record Token(Kind kind, String text, int line, int column) {

    enum Kind {
        WORD,
        /** A quoted text, without its quotation marks. */
        QUOTED,
        SYMBOL,
        /** The end of a line, or a semicolon. */
        END,
        /** What stands behind a number sign. */
        NOTE
    }

    boolean is(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** Returns the text as nft writes it. */
    String written() {
        return kind == Kind.QUOTED ? '"' + text + '"' : text;
    }
}
