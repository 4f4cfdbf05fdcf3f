package io.fairlead.nft.rule;

import java.nio.charset.StandardCharsets;

/**
 * A comment on a rule, a chain, a set or an element. It consists of printable ASCII without quotes. Therefore a comment
 * cannot contain its own closing quote.
 */
public record Comment(String text) {
    /** The empty comment, for an object without a comment. */
    public static final Comment NONE = new Comment("");

    /**
     * The maximum length of a comment. With its final NUL, the comment fits into the kernel's user data (nft: at most
     * 128 bytes).
     */
    private static final int LONGEST = 127;

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if the text is longer than 127 characters, or contains quotes, backslashes or
     *     characters that are not printable ASCII
     */
    public Comment {
        if (!isAllowed(text)) {
            throw new IllegalArgumentException("not a comment that nft accepts: \"" + text + "\"");
        }
    }

    /**
     * Returns the text as a comment that nft accepts. Each byte that is not allowed becomes a question mark, and what
     * does not fit into 127 bytes is cut off.
     */
    public static Comment nearest(String text) {
        return new Comment(isAllowed(text) ? text : cut(text));
    }

    /** Returns whether this is {@link #NONE}. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text;
    }

    private static String cut(String text) {
        StringBuilder fitting = new StringBuilder(LONGEST);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (fitting.length() < LONGEST) {
                fitting.append(allowed(b) ? (char) b : '?');
            }
        }
        return fitting.toString();
    }

    private static boolean isAllowed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed(text.charAt(i))) {
                return false;
            }
        }
        return text.length() <= LONGEST;
    }

    private static boolean allowed(int c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }
}
