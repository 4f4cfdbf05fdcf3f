package io.fairlead.explain.read.nft;

/**
 * A token of nft's text.
 *
 * @param line the number of the line, from 1
 * @param column the number of the character in the line, from 1
 */
record Token(Kind kind, String text, int line, int column) {

    enum Kind {
        WORD,
        /** A quoted text, without its quotation marks. */
        QUOTED,
        SYMBOL,
        /** The end of a line, or a semicolon. */
        END,
        /** The text after a number sign (#), which is a note and not part of a rule. */
        NOTE
    }

    boolean is(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /**
     * Returns whether this is the name of something that Fairlead's own listing does not know, for example "[xfrm]".
     * nft writes no such word.
     */
    boolean isUnknown() {
        return kind == Kind.WORD && text.startsWith("[") && text.endsWith("]");
    }

    /** Returns the text as nft writes it. */
    String written() {
        return kind == Kind.QUOTED ? '"' + text + '"' : text;
    }
}
