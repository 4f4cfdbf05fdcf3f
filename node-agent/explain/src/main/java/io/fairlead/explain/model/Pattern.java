package io.fairlead.explain.model;

import io.fairlead.core.net.Cidr;

/** A condition on a value in a rule. */
public sealed interface Pattern {

    /** Fits exactly this value. */
    record One(Value value) implements Pattern {}

    /** Fits all numbers or addresses from {@code first} to {@code last}, both included. */
    record Range(Value first, Value last) implements Pattern {}

    /** Fits all addresses of a prefix. */
    record Prefix(Cidr cidr) implements Pattern {}

    /** Fits all names that begin with this text. */
    record Beginning(String text) implements Pattern {}

    /** A pattern whose meaning is unknown. */
    record Unread(String text) implements Pattern {}
}
