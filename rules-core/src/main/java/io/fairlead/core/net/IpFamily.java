package io.fairlead.core.net;

/** The two address families. Each family has its own rules and its own part of the plan (PROTO-5). */
public enum IpFamily {
    IPV4(32, "IPv4"),
    IPV6(128, "IPv6");

    private final int bits;
    private final String text;

    IpFamily(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    /** Returns the address length in bits, 32 or 128. */
    public int bits() {
        return bits;
    }

    /** Returns the name as in the Kubernetes API and in metric labels: {@code IPv4} or {@code IPv6}. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
