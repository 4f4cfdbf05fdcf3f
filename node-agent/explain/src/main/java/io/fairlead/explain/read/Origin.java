package io.fairlead.explain.read;

/**
 * The place from which a text with rules was read.
 *
 * @param file the name of the file; "" if the text came from the kernel
 * @param line the number of the text's first line in the file, from 1
 */
public record Origin(String file, int line) {
    /** The origin of a text that a tool read from the kernel of a node. */
    public static final Origin KERNEL = new Origin("", 1);

    /**
     * Returns the place of a rule, for messages.
     *
     * @param lineOfText the number of the rule's line in the text, from 1
     * @param other the place if the text is not from a file, for example "handle 7"
     */
    public String where(int lineOfText, String other) {
        return file.isEmpty() ? other : file + ":" + (line + lineOfText - 1);
    }
}
