package io.fairlead.core.net;

/** An IPv4 address as a 32-bit number. The first octet of the address is in the highest 8 bits. */
public record Ipv4(int bits) implements Ip {

    @Override
    public IpFamily family() {
        return IpFamily.IPV4;
    }

    @Override
    public Ipv4 masked(int prefixLength) {
        return new Ipv4(prefixLength == 0 ? 0 : bits & (-1 << (32 - prefixLength)));
    }

    @Override
    public byte[] bytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    /** Returns the IPv4-mapped IPv6 address, ::ffff:a.b.c.d. */
    public Ipv6 mapped() {
        return new Ipv6(0, 0xffff_0000_0000L | (bits & 0xffff_ffffL));
    }

    @Override
    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    @Override
    public String text() {
        return (bits >>> 24) + "." + ((bits >>> 16) & 0xff) + "." + ((bits >>> 8) & 0xff) + "." + (bits & 0xff);
    }

    @Override
    public String toString() {
        return text();
    }
}
