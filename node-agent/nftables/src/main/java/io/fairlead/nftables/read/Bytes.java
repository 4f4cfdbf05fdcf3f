package io.fairlead.nftables.read;

import io.fairlead.core.net.Ip;
import io.fairlead.linux.netlink.Attributes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Immutable bytes: a constant in a rule, or the key or data of an element. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    /** Creates bytes from an array, which is not copied. The caller must not change the array afterwards. */
    public Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public int length() {
        return bytes.length;
    }

    public int u8(int offset) {
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
    public Bytes part(int offset, int length) {
        return new Bytes(
                Arrays.copyOfRange(bytes, Math.min(offset, bytes.length), Math.min(offset, bytes.length) + length));
    }

    /** Returns the IP address of 4 or 16 bytes at this offset. */
    public Ip ip(int offset, int length) {
        return Ip.of(part(offset, length).bytes);
    }

    public boolean isZero() {
        return isAll((byte) 0);
    }

    public boolean isAll(byte value) {
        for (byte each : bytes) {
            if (each != value) {
                return false;
            }
        }
        return true;
    }

    /** Returns the prefix length that these bytes express as a netmask; -1 if a 1 bit follows a 0 bit. */
    public int prefixLength() {
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

    /** Returns the attribute NFTA_DATA_VALUE; no bytes if it is missing. */
    public static Bytes ofData(Attributes data) {
        return RawElement.value(data);
    }

    /** Returns the lowest bytes of a number, in network byte order. */
    public static Bytes of(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = number.shiftRight(i * Byte.SIZE).byteValue();
        }
        return new Bytes(bytes);
    }

    /** Returns a copy of the bytes. */
    public byte[] array() {
        return bytes.clone();
    }

    /**
     * Returns the bytes as a number of at most 64 bits.
     *
     * @param host whether the bytes have the machine's byte order; otherwise they have network byte order
     */
    public long number(boolean host) {
        long number = 0;
        boolean turned = host && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
            number = number << Byte.SIZE | (bytes[turned ? bytes.length - 1 - i : i] & 0xff);
        }
        return number;
    }

    /** Returns the bytes with all bits inverted. */
    public Bytes inverted() {
        byte[] inverted = bytes.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return new Bytes(inverted);
    }

    /** Returns the bits that are set both in these bytes and in the other bytes. The length is that of these bytes. */
    public Bytes and(Bytes other) {
        byte[] both = bytes.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] &= (byte) other.u8(i);
        }
        return new Bytes(both);
    }

    /** Returns the number of 1 bits if they follow one another; otherwise 0. */
    public int ones() {
        BigInteger number = new BigInteger(1, bytes);
        int ones = number.bitCount();
        return ones > 0 && number.bitLength() - number.getLowestSetBit() == ones ? ones : 0;
    }

    /** Returns the number of 0 bits before the first 1 bit. */
    public int leadingZeros() {
        return bytes.length * Byte.SIZE - new BigInteger(1, bytes).bitLength();
    }

    /** Returns the number of 0 bits after the last 1 bit. */
    public int trailingZeros() {
        return Math.max(0, new BigInteger(1, bytes).getLowestSetBit());
    }

    /** Returns these bytes, shifted to the right by a number of bits. The length stays the same. */
    public Bytes shiftedRight(int bits) {
        return of(new BigInteger(1, bytes).shiftRight(bits), bytes.length);
    }

    /** Returns the length of the prefix that contains exactly the values from this to {@code last}; -1 if none does. */
    public int prefixLength(Bytes last) {
        BigInteger different = new BigInteger(1, bytes).xor(new BigInteger(1, last.bytes));
        int free = different.bitLength();
        return different.bitCount() == free && shiftedRight(free).number(free).equals(new BigInteger(1, bytes))
                ? bytes.length * Byte.SIZE - free
                : -1;
    }

    private BigInteger number(int shiftedLeft) {
        return new BigInteger(1, bytes).shiftLeft(shiftedLeft);
    }

    /** Returns the text up to the first zero byte. */
    public String text() {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    public String hex() {
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
