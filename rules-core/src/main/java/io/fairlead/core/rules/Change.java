package io.fairlead.core.rules;

/** The way from one ruleset to another: what is shown is what is applied. */
public interface Change {

    /** True if the kernel has nothing to do. */
    boolean isEmpty();

    /** Line by line, for review. */
    ChangeReport report();

    /** What the backend's tool gets on standard input, byte for byte; "" if the change is empty. */
    String text();
}
