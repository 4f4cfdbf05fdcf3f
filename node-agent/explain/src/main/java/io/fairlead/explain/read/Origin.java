package io.fairlead.explain.read;

/**
 * Where a text with rules comes from.
 *
 * @param file the file; "" for the kernel
 * @param line the number of the text's first line in the file, from 1
 */
public record Origin(String file, int line) {
    /** The kernel of this node, through a tool. */
    public static final Origin KERNEL = new Origin("", 1);

    /**
     * Returns how to find a rule.
     *
     * @param lineOfText the number of its line in the text, from 1
     * @param other how to find it where there is no file: "handle 7"
     */
    public String where(int lineOfText, String other) {
        return file.isEmpty() ? other : file + ":" + (line + lineOfText - 1);
    }
}
