package io.fairlead.nftables.read;

import java.util.List;

/** What a rule has in a register: how it was computed, and its length in bytes. */
sealed interface Value {
    int length();

    /** Bytes of the packet. */
    record Payload(int base, int offset, int length) implements Value {}

    /** A property of the packet that is not in its bytes. */
    record Meta(int key, int length) implements Value {}

    /**
     * A property of the connection.
     *
     * @param direction 0 for the packet that opened it, 1 for replies, -1 if the property has no direction
     */
    record Ct(int key, int direction, int length) implements Value {}

    /** A result of the routing table. */
    record Fib(int result, int flags, int length) implements Value {}

    /**
     * A number.
     *
     * @param random whether it is random, and not the next one
     */
    record Numgen(boolean random, int modulus, int offset) implements Value {
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

    /** {@code value & mask ^ flip}. */
    record Bits(Value value, Bytes mask, Bytes flip) implements Value {
        @Override
        public int length() {
            return value.length();
        }
    }

    /** The data of the element with this key. */
    record Mapped(List<Value> key, RawSet map) implements Value {
        @Override
        public int length() {
            return map.dataLength();
        }
    }
}
