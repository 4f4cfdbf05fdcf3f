package io.fairlead.explain.model;

import io.fairlead.core.net.Cidr;

/** What a rule compares a value with. */
public sealed interface Pattern {

    /** Exactly this value. */
    record One(Value value) implements Pattern {}

    /** All numbers or addresses from one to another, both included. */
    record Range(Value first, Value last) implements Pattern {}

    /** All addresses of a prefix. */
    record Prefix(Cidr cidr) implements Pattern {}

    /** All names that begin so. */
    record Beginning(String text) implements Pattern {}

    /** Text whose meaning is unknown. */
    record Unread(String text) implements Pattern {}
}
