package io.fairlead.explain.read;

import java.io.Serial;

/** A text with rules is malformed: it ends too early, or a line has a wrong form. */
public final class ReadException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    /**
     * Creates an exception for an error at a place in the text.
     *
     * @param line the number of the line, from 1
     * @param column the number of the character in the line, from 1
     * @param what a description of the error
     */
    public ReadException(int line, int column, String what) {
        super(what);
        this.line = line;
        this.column = column;
    }

    /** Returns the number of the line, from 1. */
    public int line() {
        return line;
    }

    /** Returns the number of the character in the line, from 1. */
    public int column() {
        return column;
    }
}
