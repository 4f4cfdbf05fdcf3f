package io.fairlead.core.rules;

/** The operations that turn one ruleset into another. The text that is shown is the text that is applied. */
public interface Change {

    /** Returns whether there is nothing to write. */
    boolean isEmpty();

    /** Returns the change line by line, for review. */
    ChangeReport report();

    /** Returns the standard input of the backend's tool, byte for byte; "" if the change is empty. */
    String text();
}
