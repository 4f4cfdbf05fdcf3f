package io.fairlead.nft.rule;

import java.nio.charset.StandardCharsets;

/** A comment on a rule, a chain, a set or an element: printable ASCII without quotes, so that it cannot end early. */
public record Comment(String text) {
    /** No comment. */
    public static final Comment NONE = new Comment("");

    /** What fits into the kernel's user data with its final NUL (nft: at most 128 bytes). */
    private static final int LONGEST = 127;

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is longer than 127 characters or has others than printable ASCII, or
     *     quotes
     */
    public Comment {
        if (text.length() > LONGEST || !text.chars().allMatch(Comment::allowed)) {
            throw new IllegalArgumentException("not a comment that nft accepts: \"" + text + "\"");
        }
    }

    /** A comment that says as much of the text as is allowed; other characters become question marks. */
    public static Comment nearest(String text) {
        boolean fits = text.length() <= LONGEST && text.chars().allMatch(Comment::allowed);
        return new Comment(fits ? text : cut(text));
    }

    /** True for no comment. */
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

    private static boolean allowed(int c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }
}
