package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Ip;

/** The bits of addresses, as texts of 0 and 1. */
final class AddressBits {
    private AddressBits() {}

    /** Returns all 32 or 128 bits of an address. */
    static String of(Ip ip) {
        StringBuilder bits = new StringBuilder();
        for (byte each : ip.bytes()) {
            for (int i = 7; i >= 0; i--) {
                bits.append((each >> i) & 1);
            }
        }
        return bits.toString();
    }

    /** Inverts the bit at a position of an address. */
    static void invert(byte[] address, int position) {
        address[position / 8] ^= (byte) (0x80 >> (position % 8));
    }

    /** Returns the number of bits at the start that two addresses of one family share. */
    static int common(Ip one, Ip two) {
        byte[] left = one.bytes();
        byte[] right = two.bytes();
        for (int i = 0; i < left.length; i++) {
            int different = (left[i] ^ right[i]) & 0xff;
            if (different != 0) {
                return i * 8 + Integer.numberOfLeadingZeros(different) - 24;
            }
        }
        return left.length * 8;
    }

    /** Returns the last address of the network that has this address and prefix length. */
    static Ip last(Ip ip, int length) {
        byte[] bytes = ip.bytes();
        for (int i = length; i < bytes.length * 8; i++) {
            bytes[i / 8] |= (byte) (0x80 >> (i % 8));
        }
        return Ip.of(bytes);
    }
}
