package io.fairlead.nftables.read;

import io.fairlead.core.net.Ip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Immutable bytes: a constant in a rule, or the key or data of an element. */
final class Bytes implements Comparable<Bytes> {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    /** Wraps an array, which the caller must not change afterwards. */
    Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    int length() {
        return bytes.length;
    }

    int u8(int offset) {
        return offset < bytes.length ? bytes[offset] & 0xff : 0;
    }

    /** Returns an unsigned number of 16 bits in network byte order. Missing bytes count as 0. */
    int u16(int offset) {
        return u8(offset) << Byte.SIZE | u8(offset + 1);
    }

    /**
     * Returns a signed number of 32 bits in the machine's byte order; 0 if there are fewer than 4 bytes at the offset.
     */
    int u32Host(int offset) {
        return offset + Integer.BYTES > bytes.length
                ? 0
                : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(offset);
    }

    /** Returns {@code length} bytes, beginning at an offset. Missing bytes become 0. */
    Bytes part(int offset, int length) {
        return new Bytes(
                Arrays.copyOfRange(bytes, Math.min(offset, bytes.length), Math.min(offset, bytes.length) + length));
    }

    /** Returns the IP address of 4 or 16 bytes at this offset. */
    Ip ip(int offset, int length) {
        return Ip.of(part(offset, length).bytes);
    }

    boolean isZero() {
        return isAll((byte) 0);
    }

    boolean isAll(byte value) {
        for (byte each : bytes) {
            if (each != value) {
                return false;
            }
        }
        return true;
    }

    /** Returns the prefix length that these bytes express as a netmask; -1 if a 1 bit follows a 0 bit. */
    int prefixLength() {
        int length = 0;
        while (length < bytes.length * Byte.SIZE && isSet(length)) {
            length++;
        }
        for (int i = length; i < bytes.length * Byte.SIZE; i++) {
            if (isSet(i)) {
                return -1;
            }
        }
        return length;
    }

    private boolean isSet(int bit) {
        return (bytes[bit / Byte.SIZE] & 0x80 >>> bit % Byte.SIZE) != 0;
    }

    /** Returns the text up to the first zero byte. */
    String text() {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    String hex() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** Orders by the unsigned number in network byte order. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
