package io.fairlead.explain.model;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that a rule computes from a packet. */
public sealed interface Expression {

    /**
     * A field of the packet or of its connection.
     *
     * @param family the only family of packets that have this field; null if packets of all families have it
     * @param protocol the only protocol of packets that have this field; null if packets of all protocols have it
     */
    record Field(
            Kind kind, @Nullable IpFamily family, @Nullable Protocol protocol) implements Expression {
        /** Creates a field that every packet has. */
        public Field(Kind kind) {
            this(kind, null, null);
        }
    }

    /**
     * The fields that the tracer can compute for the first packet of a connection. A computed value may be a range or
     * {@link Value.Unknown}.
     */
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
        /** The direction of the packet in its connection; 0 is the direction of the first packet. */
        CONNECTION_DIRECTION,
        ORIGINAL_SOURCE,
        ORIGINAL_DESTINATION,
        ORIGINAL_DESTINATION_PORT,
        /** The type of the source address according to the routing table: the number of an {@link AddressType}. */
        SOURCE_TYPE,
        DESTINATION_TYPE,
        TCP_FLAGS,
        /**
         * The link-layer packet type. It is 0, a packet to this host's link address, for every packet that is traced.
         */
        PACKET_TYPE,
        /** Whether there is a route back to the source: 1 if there is, 0 if not. */
        SOURCE_ROUTE_EXISTS
    }

    /** A constant. */
    record Constant(Value value) implements Expression {}

    /** A concatenation: several expressions that are compared together. */
    record Joined(List<Expression> parts) implements Expression {
        /** Copies the parts. */
        public Joined {
            parts = List.copyOf(parts);
        }
    }

    /** The operations on bits. */
    enum Operation {
        AND,
        OR,
        XOR,
        SHIFT_LEFT,
        SHIFT_RIGHT
    }

    /** The result of an operation on the bits of two expressions. */
    record Bits(Expression left, Operation operation, Expression right) implements Expression {}

    /** A random number from {@code offset} to {@code offset + modulus - 1}, each with the same probability. */
    record Random(int modulus, int offset) implements Expression {}

    /** The value that a map assigns to a key. */
    record Lookup(Expression key, Elements map) implements Expression {}

    /** An expression whose meaning is unknown. */
    record NotUnderstood(String text) implements Expression {}
}
