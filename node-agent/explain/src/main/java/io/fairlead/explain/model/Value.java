package io.fairlead.explain.model;

import io.fairlead.core.net.Ip;

/** A value that a packet has, or that a rule names. Whatever is unknown of a packet is a range or {@link Unknown}. */
public sealed interface Value {

    /** A number that lies in this range. Ports, marks, protocols and bits are numbers. */
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

    /** A name: of an interface. */
    record Name(String text) implements Value {}

    /** Nothing is known. */
    record Unknown() implements Value {}
}
