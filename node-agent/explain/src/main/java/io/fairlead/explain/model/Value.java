package io.fairlead.explain.model;

import io.fairlead.core.net.Ip;

/**
 * The value of a packet's field, or a constant in a rule. A value that is not known exactly is a range or {@link
 * Unknown}.
 */
public sealed interface Value {

    /** A number from {@code low} to {@code high}, both included. Ports, marks, protocols and bits are numbers. */
    record Numeric(long low, long high) implements Value {
        /** Returns a known number. */
        public static Numeric of(long number) {
            return new Numeric(number, number);
        }

        /** Returns whether the number is known. */
        public boolean known() {
            return low == high;
        }
    }

    /** An address. */
    record Address(Ip ip) implements Value {}

    /** The name of a network interface. */
    record Name(String text) implements Value {}

    /** A value of which nothing is known. */
    record Unknown() implements Value {}
}
