package io.fairlead.explain.model;

/** The elements with which a rule compares a value, or in which it looks up a key. */
public sealed interface Elements {
    /** Elements that the rule itself lists. */
    record Listed(NamedElements elements) implements Elements {}

    /** The elements of a named set or map of the table. */
    record Named(String name) implements Elements {}
}
