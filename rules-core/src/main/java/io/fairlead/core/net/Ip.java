package io.fairlead.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IP address. Packed into primitives because a plan holds hundreds of thousands of them; ordered by family, then as
 * an unsigned number.
 */
public sealed interface Ip extends Comparable<Ip> permits Ipv4, Ipv6 {

    /** The family of this address. */
    IpFamily family();

    /** Canonical text: dotted quad, or RFC 5952 for IPv6. Parses back to an equal value. */
    String text();

    /** The address under a mask that keeps the first {@code prefixLength} bits (0 to {@code family().bits()}). */
    Ip masked(int prefixLength);

    /** Network byte order, 4 or 16 bytes; the array is the caller's. */
    byte[] bytes();

    /** True for 127.0.0.0/8 and ::1. */
    boolean isLoopback();

    /**
     * Reads an address. Leading zeros in a dotted quad are decimal (SVC-20); an IPv4-mapped IPv6 address is IPv4, as Go
     * reads it. Zones ("%eth0"), host names and shortened quads ("10.1") are refused.
     *
     * @throws IllegalArgumentException if the text is not an address; the message quotes it
     */
    static Ip parse(String text) {
        if (Quad.PATTERN.matcher(text).matches()) {
            return Quad.parse(text);
        }
        if (text.indexOf(':') < 0 || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("not an IP address: \"" + text + "\"");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return address instanceof Inet4Address v4 ? of(v4.getAddress()) : of(address.getAddress());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an IP address: \"" + text + "\"", e);
        }
    }

    /**
     * From 4 or 16 bytes in network order.
     *
     * @throws IllegalArgumentException for any other length
     */
    static Ip of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> new Ipv4((int) number(bytes, 0, 4));
            case 16 -> new Ipv6(number(bytes, 0, 8), number(bytes, 8, 8));
            default -> throw new IllegalArgumentException("not 4 or 16 bytes: " + bytes.length);
        };
    }

    @Override
    default int compareTo(Ip other) {
        return switch (this) {
            case Ipv4(int bits) ->
                switch (other) {
                    case Ipv4(int otherBits) -> Integer.compareUnsigned(bits, otherBits);
                    case Ipv6 _ -> -1;
                };
            case Ipv6(long high, long low) ->
                switch (other) {
                    case Ipv4 _ -> 1;
                    case Ipv6(long otherHigh, long otherLow) ->
                        high != otherHigh ? Long.compareUnsigned(high, otherHigh) : Long.compareUnsigned(low, otherLow);
                };
        };
    }

    private static long number(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    /** Dotted quads, read here because {@code InetAddress} refuses leading zeros and accepts "10.1". */
    final class Quad {
        private static final Pattern PATTERN = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");

        private Quad() {}

        private static Ipv4 parse(String text) {
            int bits = 0;
            int part = 0;
            for (int i = 0; i <= text.length(); i++) {
                char c = i < text.length() ? text.charAt(i) : '.';
                if (c == '.') {
                    if (part > 255) {
                        throw new IllegalArgumentException("not an IP address: \"" + text + "\"");
                    }
                    bits = (bits << 8) | part;
                    part = 0;
                } else {
                    part = Math.min(part * 10 + (c - '0'), 256);
                }
            }
            return new Ipv4(bits);
        }
    }
}
