package io.fairlead.iptables.rule;

/**
 * The comment of a rule, with at most 255 characters, the maximum in iptables. Only letters, digits and the punctuation
 * in Fairlead's comments are allowed. Therefore a comment cannot contain its own closing quote.
 */
public record Comment(String text) {
    private static final int LONGEST = 255;
    private static final String SIGNS = " -_.,:;/>[]()#+=@";

    /** The empty comment, for a rule without a comment. */
    public static final Comment NONE = new Comment("");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if the text is too long or contains other characters
     */
    public Comment {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("comment too long: \"" + text + "\"");
        }
        for (int i = 0; i < text.length(); i++) {
            if (!allowed(text.charAt(i))) {
                throw new IllegalArgumentException("comment with a forbidden character: \"" + text + "\"");
            }
        }
    }

    /**
     * Returns the comment that is most similar to a text: other characters are replaced by '_', and a long text is cut
     * off.
     */
    public static Comment nearest(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            kept.append(allowed(c) ? c : '_');
        }
        return new Comment(kept.toString());
    }

    /** Returns whether this is {@link #NONE}. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || SIGNS.indexOf(c) >= 0;
    }
}
