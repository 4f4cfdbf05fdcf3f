package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.linux.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The "typeof" expression of a set's keys or data, in the form in which nft stores it with the set: the number of the
 * expression, followed by its parts.
 */
public final class Source {
    private static final int EXPRESSION = 0;
    private static final int DATA = 1;
    private static final int PAYLOAD = 7;
    private static final int META = 9;
    private static final int CONCATENATION = 13;
    private static final int NUMGEN = 23;

    private final byte[] value;

    private Source(byte[] value) {
        this.value = value;
    }

    /** Adds this expression to user data as a piece of the given type. */
    void put(int type, MessageWriter out) {
        out.put8(type);
        out.put8(value.length);
        out.put(value, 0, value.length);
    }

    /** Returns a copy of the form that nft stores. */
    public byte[] bytes() {
        return value.clone();
    }

    /** Returns "typeof ip saddr" or "typeof ip daddr", or the same for IPv6. */
    static Source address(IpFamily family, boolean source) {
        return switch (family) {
            case IPV4 -> payload(12, source ? 11 : 12);
            case IPV6 -> payload(13, source ? 8 : 9);
        };
    }

    /** Returns "typeof tcp dport", or the same for UDP or SCTP. */
    static Source port(Protocol protocol) {
        int header = switch (protocol) {
            case TCP -> 8;
            case UDP -> 6;
            case SCTP -> 10;
        };
        return payload(header, 2);
    }

    /** Returns "typeof meta l4proto". */
    static Source protocol() {
        return expression(META, number(0, 16));
    }

    /** Returns "typeof numgen random mod 2". */
    static Source random() {
        return expression(NUMGEN, joined(number(0, 1), number(1, 2), number(2, 0)));
    }

    /** Returns the "typeof" expression of a concatenation. */
    static Source concatenation(Source... parts) {
        byte[][] numbered = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            numbered[i] = piece(i, parts[i].value);
        }
        return expression(CONCATENATION, joined(numbered));
    }

    private static Source payload(int header, int field) {
        return expression(PAYLOAD, joined(number(0, header), number(1, field)));
    }

    private static Source expression(int kind, byte[] data) {
        return new Source(joined(number(EXPRESSION, kind), piece(DATA, data)));
    }

    private static byte[] number(int type, int number) {
        return piece(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(number)
                        .array());
    }

    private static byte[] piece(int type, byte[] value) {
        return ByteBuffer.allocate(2 + value.length)
                .put((byte) type)
                .put((byte) value.length)
                .put(value)
                .array();
    }

    private static byte[] joined(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            all.put(piece);
        }
        return all.array();
    }
}
