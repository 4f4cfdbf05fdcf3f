package io.fairlead.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Iterates over the attributes of a message, or over the attributes that are nested in an attribute. Numbers are read
 * in network byte order, which all of netfilter uses. A method whose name contains "Host" reads the machine's byte
 * order. A value may be longer than the number that is read: the rest is padding, or an addition of a newer kernel. If
 * a value is shorter, {@link MalformedMessageException} is thrown.
 */
public final class Attributes {
    private final ByteBuffer in;
    private final int from;
    private final int limit;
    private int at;
    private int valueEnd;

    /** Iterates over the netlink attributes between two offsets of a buffer. */
    Attributes(ByteBuffer in, int from, int limit) {
        this.in = in;
        this.from = from;
        this.limit = limit;
        this.at = from;
        this.valueEnd = from;
    }

    /**
     * Moves to the next attribute; returns false after the last one.
     *
     * @throws MalformedMessageException if the following bytes are not an attribute
     */
    public boolean next() {
        int next = Netlink.aligned(valueEnd);
        // As in the kernel, remaining bytes that are fewer than a header are padding.
        if (limit - next < Netlink.ATTRIBUTE_HEADER) {
            return false;
        }
        int length = in.getShort(next) & 0xffff;
        if (length < Netlink.ATTRIBUTE_HEADER || length > limit - next) {
            throw new MalformedMessageException("attribute length " + length);
        }
        at = next;
        valueEnd = next + length;
        return true;
    }

    /** Moves back to the position before the first attribute. */
    public Attributes rewind() {
        at = from;
        valueEnd = from;
        return this;
    }

    /** Returns the type, without the flags for nesting and byte order. */
    public int type() {
        current(0);
        return in.getShort(at + 2) & Netlink.TYPE_MASK;
    }

    /** Returns the length of the value in bytes. */
    public int length() {
        return valueEnd - at - Netlink.ATTRIBUTE_HEADER;
    }

    /** Returns the nested attributes, of which the value of this attribute consists. */
    public Attributes nested() {
        return new Attributes(in, current(0), valueEnd);
    }

    /** Returns the value as an unsigned number of 8 bits. */
    public int u8() {
        return in.get(current(Byte.BYTES)) & 0xff;
    }

    /** Returns the value as an unsigned number of 16 bits. */
    public int u16() {
        return u16(0);
    }

    /** Returns the value as a signed number of 32 bits. */
    public int u32() {
        return u32(0);
    }

    /** Returns the value as a signed number of 64 bits. */
    public long u64() {
        return u64(0);
    }

    /** Returns the unsigned number of 8 bits at an offset in bytes from the start of the value. */
    public int u8(int offset) {
        return in.get(current(offset + Byte.BYTES) + offset) & 0xff;
    }

    /** Returns the unsigned number of 16 bits at an offset in bytes from the start of the value. */
    public int u16(int offset) {
        return (u8(offset) << 8) | u8(offset + 1);
    }

    /** Returns the signed number of 32 bits at an offset in bytes from the start of the value. */
    public int u32(int offset) {
        int number = in.getInt(current(offset + Integer.BYTES) + offset);
        return in.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
    }

    /** Returns the signed number of 64 bits at an offset in bytes from the start of the value. */
    public long u64(int offset) {
        long number = in.getLong(current(offset + Long.BYTES) + offset);
        return in.order() == ByteOrder.BIG_ENDIAN ? number : Long.reverseBytes(number);
    }

    /** Returns the value as an unsigned number of 16 bits in the machine's byte order. */
    public int u16Host() {
        return in.getShort(current(Short.BYTES)) & 0xffff;
    }

    /** Returns the value as a signed number of 32 bits in the machine's byte order. */
    public int u32Host() {
        return in.getInt(current(Integer.BYTES));
    }

    /**
     * Returns the signed number of 32 bits, in the machine's byte order, at an offset in bytes from the start of the
     * value.
     */
    public int u32Host(int offset) {
        return in.getInt(current(offset + Integer.BYTES) + offset);
    }

    /**
     * Returns the text up to the first zero byte, or to the end of the value. Bytes that are not UTF-8 become U+FFFD.
     */
    public String string() {
        byte[] bytes = bytes();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Returns whether the value is this ASCII text, with or without a zero byte at its end. Allocates nothing. */
    public boolean isString(String text) {
        int from = current(0);
        int length = text.length();
        if (length() < length || (length() > length && in.get(from + length) != 0)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.get(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns a copy of the value. */
    public byte[] bytes() {
        byte[] bytes = new byte[length()];
        in.get(current(0), bytes);
        return bytes;
    }

    /** Returns the position of the value in the buffer. Throws if the value is shorter than this length. */
    private int current(int length) {
        if (valueEnd == at) {
            throw new IllegalStateException("there is no attribute");
        }
        if (length() < length) {
            throw new MalformedMessageException("attribute " + (in.getShort(at + 2) & Netlink.TYPE_MASK) + " has "
                    + length() + " bytes instead of " + length);
        }
        return at + Netlink.ATTRIBUTE_HEADER;
    }
}
