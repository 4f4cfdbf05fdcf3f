package io.fairlead.explain.model;

/** The elements that a rule compares with, or looks a key up in. */
public sealed interface Elements {
    /** Listed in the rule. */
    record Listed(NamedElements elements) implements Elements {}

    /** A named set or map of the table. */
    record Named(String name) implements Elements {}
}
