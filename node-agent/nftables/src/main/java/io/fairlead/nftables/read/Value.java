package io.fairlead.nftables.read;

import java.util.List;

/** The description of a register's content: how a rule computes the value, and the length of the value in bytes. */
sealed interface Value {
    int length();

    /** Bytes from a header of the packet. */
    record Payload(int base, int offset, int length) implements Value {}

    /** A property of the packet that is not part of its headers, for example the mark. */
    record Meta(int key, int length) implements Value {}

    /**
     * A property of the packet's connection in conntrack.
     *
     * @param direction 0 for the direction of the first packet, 1 for replies, -1 if the property has no direction
     */
    record Ct(int key, int direction, int length) implements Value {}

    /** The result of a look-up in the routing table. */
    record Fib(int result, int flags, int length) implements Value {}

    /**
     * A generated number.
     *
     * @param random true for a random number, false for a counter
     * @param turned whether the number is in network byte order
     */
    record Numgen(boolean random, int modulus, int offset, boolean turned) implements Value {
        @Override
        public int length() {
            return Integer.BYTES;
        }
    }

    /** A constant. */
    record Constant(Bytes bytes) implements Value {
        @Override
        public int length() {
            return bytes.length();
        }
    }

    /** The value of {@code value & mask ^ flip}. */
    record Bits(Value value, Bytes mask, Bytes flip) implements Value {
        @Override
        public int length() {
            return value.length();
        }
    }

    /** The data of the map's element with this key. */
    record Mapped(List<Value> key, RawSet map) implements Value {
        @Override
        public int length() {
            return map.dataLength();
        }
    }
}
