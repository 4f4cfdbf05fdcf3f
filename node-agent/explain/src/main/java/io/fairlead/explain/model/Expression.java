package io.fairlead.explain.model;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule computes from a packet. */
public sealed interface Expression {

    /**
     * A field of the packet or of its connection.
     *
     * @param family the rule does not match packets of another family; null if any will do
     * @param protocol the rule does not match packets of another protocol; null if any will do
     */
    record Field(
            Kind kind, @Nullable IpFamily family, @Nullable Protocol protocol) implements Expression {
        /** A field that every packet has. */
        public Field(Kind kind) {
            this(kind, null, null);
        }
    }

    /** The fields that are known of a first packet, at least as a range. */
    enum Kind {
        SOURCE,
        DESTINATION,
        SOURCE_PORT,
        DESTINATION_PORT,
        PROTOCOL,
        FAMILY,
        INPUT_INTERFACE,
        OUTPUT_INTERFACE,
        MARK,
        CONNECTION_MARK,
        /** A set of bits, {@link ConnectionBits}. */
        CONNECTION_STATE,
        /** A set of bits, {@link ConnectionBits}. */
        CONNECTION_STATUS,
        /** 0 for the direction of the first packet. */
        CONNECTION_DIRECTION,
        ORIGINAL_SOURCE,
        ORIGINAL_DESTINATION,
        ORIGINAL_DESTINATION_PORT,
        /** The type of an address by the routing table, {@link AddressType}. */
        SOURCE_TYPE,
        DESTINATION_TYPE,
        TCP_FLAGS,
        /** 0 for a packet to this host's link address, as every packet is that is traced. */
        PACKET_TYPE,
        /** 1 if there is a route back to the source, 0 if there is none. */
        SOURCE_ROUTE_EXISTS
    }

    /** A constant. */
    record Constant(Value value) implements Expression {}

    /** Several expressions that are compared together. */
    record Joined(List<Expression> parts) implements Expression {
        /** Copies the parts. */
        public Joined {
            parts = List.copyOf(parts);
        }
    }

    /** Operations on bits. */
    enum Operation {
        AND,
        OR,
        XOR,
        SHIFT_LEFT,
        SHIFT_RIGHT
    }

    /** An operation on bits. */
    record Bits(Expression left, Operation operation, Expression right) implements Expression {}

    /** A number from {@code offset} to {@code offset + modulus - 1}, each with the same probability. */
    record Random(int modulus, int offset) implements Expression {}

    /** The value that a map assigns to a key. */
    record Lookup(Expression key, Elements map) implements Expression {}

    /** Text whose meaning is unknown. */
    record NotUnderstood(String text) implements Expression {}
}
