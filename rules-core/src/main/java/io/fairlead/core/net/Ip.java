package io.fairlead.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IP address, stored in primitive fields, because a plan holds hundreds of thousands of addresses. Addresses are
 * ordered by family (IPv4 first), then as unsigned numbers.
 */
public sealed interface Ip extends Comparable<Ip> permits Ipv4, Ipv6 {

    /** Returns the family of this address. */
    IpFamily family();

    /**
     * Returns the canonical text: a dotted quad for IPv4, the form of RFC 5952 for IPv6. {@link #parse} returns an
     * equal value for this text, except for an IPv4-mapped IPv6 address.
     */
    String text();

    /**
     * Returns the address with all bits after the first {@code prefixLength} bits set to 0.
     *
     * @param prefixLength 0 to {@code family().bits()}
     */
    Ip masked(int prefixLength);

    /** Returns the 4 or 16 bytes in network byte order, as a new array. */
    byte[] bytes();

    /** Returns whether the address is in 127.0.0.0/8 or is ::1. */
    boolean isLoopback();

    /**
     * Parses an address. Numbers with leading zeros in a dotted quad are decimal (SVC-20). An IPv4-mapped IPv6 address
     * becomes an IPv4 address, as in kube-proxy. Zones ("%eth0"), host names and shortened quads ("10.1") are rejected.
     *
     * @throws IllegalArgumentException if the text is not an address; the message quotes the text
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
     * Returns the address with these 4 or 16 bytes, which are in network byte order.
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

    /** Parses dotted quads. {@code InetAddress} is not used, because it rejects leading zeros and accepts "10.1". */
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
