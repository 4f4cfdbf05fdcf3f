package io.fairlead.core.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** A network prefix. The constructor sets the host bits to 0, so two values for the same prefix are equal. */
public record Cidr(Ip network, int prefixLength) implements Comparable<Cidr> {
    /** The number of bits before the IPv4 address in an IPv4-mapped IPv6 address. */
    private static final int MAPPED = 96;

    /**
     * Sets the host bits of the address to 0.
     *
     * @throws IllegalArgumentException if the prefix length is not in 0 to 32 (IPv4) or 0 to 128 (IPv6)
     */
    public Cidr {
        if (prefixLength < 0 || prefixLength > network.family().bits()) {
            throw new IllegalArgumentException("prefix length out of range: " + network + "/" + prefixLength);
        }
        network = network.masked(prefixLength);
    }

    /** Returns the prefix that contains only this address. */
    public static Cidr ofHost(Ip ip) {
        return new Cidr(ip, ip.family().bits());
    }

    /**
     * Parses "address/length" as kube-proxy 1.37.2 does (SVC-16, SVC-20). Host bits may be set. Numbers with leading
     * zeros are decimal. An IPv4 range may be written as an IPv4-mapped IPv6 range: "::ffff:203.0.113.0/120" is
     * "203.0.113.0/24". A mapped range with a prefix shorter than 96 bits also contains addresses that are not mapped,
     * so it is an IPv6 range.
     *
     * @throws IllegalArgumentException if the text is not a prefix; the message quotes the text
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR (no prefix length): \"" + text + "\"");
        }
        Ip address = Ip.parse(text.substring(0, slash));
        boolean mapped = address instanceof Ipv4 && text.lastIndexOf(':', slash) >= 0;
        int length = length(
                text,
                slash + 1,
                mapped ? IpFamily.IPV6.bits() : address.family().bits());
        if (mapped && length < MAPPED) {
            return new Cidr(((Ipv4) address).mapped(), length);
        }
        return new Cidr(address, mapped ? length - MAPPED : length);
    }

    private static int length(String text, int from, int most) {
        int length = 0;
        for (int i = from; i < text.length() && length <= most; i++) {
            char c = text.charAt(i);
            length = c >= '0' && c <= '9' ? length * 10 + (c - '0') : most + 1;
        }
        if (from == text.length() || length > most) {
            throw new IllegalArgumentException("not a CIDR (bad prefix length): \"" + text + "\"");
        }
        return length;
    }

    /** Returns the family of the network address. */
    public IpFamily family() {
        return network.family();
    }

    /** Returns whether the address is in this prefix; false if the families differ. */
    public boolean contains(Ip ip) {
        return ip.family() == family() && ip.masked(prefixLength).equals(network);
    }

    /**
     * Returns whether the prefix is inside 127.0.0.0/8 or ::1/128, or is an IPv4 prefix that contains 127.0.0.0/8, such
     * as 0.0.0.0/0 (NP-13).
     */
    public boolean meetsLoopback() {
        return network.isLoopback() || contains(new Ipv4(0x7f000000));
    }

    /** Returns whether every address of {@code other} is in this prefix. */
    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.network);
    }

    /**
     * Returns the shortest sorted list of disjoint prefixes that covers the same addresses. The kernel refuses
     * overlapping prefixes in one nftables interval set with EEXIST (nft 1.0.6). Therefore callers merge ranges before
     * they write them as elements.
     */
    public static List<Cidr> merge(Collection<Cidr> cidrs) {
        List<Cidr> merged = new ArrayList<>();
        for (Cidr cidr : new TreeSet<>(cidrs)) {
            if (!merged.isEmpty() && merged.getLast().contains(cidr)) {
                continue;
            }
            merged.add(cidr);
            while (merged.size() > 1 && siblings(merged.get(merged.size() - 2), merged.getLast())) {
                Cidr right = merged.removeLast();
                merged.removeLast();
                merged.add(new Cidr(right.network, right.prefixLength - 1));
            }
        }
        return List.copyOf(merged);
    }

    private static boolean siblings(Cidr left, Cidr right) {
        return left.family() == right.family()
                && left.prefixLength == right.prefixLength
                && left.prefixLength > 0
                && left.network.masked(left.prefixLength - 1).equals(right.network.masked(right.prefixLength - 1));
    }

    /** Returns the canonical text, "10.0.0.0/8". */
    public String text() {
        return network.text() + "/" + prefixLength;
    }

    @Override
    public int compareTo(Cidr other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(prefixLength, other.prefixLength);
    }

    @Override
    public String toString() {
        return text();
    }
}
