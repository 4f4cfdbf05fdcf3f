package io.fairlead.explain.model;

/** The types of addresses according to the routing tables, with the kernel's numbers (RTN_*). */
public enum AddressType {
    UNICAST(1),
    LOCAL(2),
    BROADCAST(3),
    ANYCAST(4),
    MULTICAST(5),
    BLACKHOLE(6),
    UNREACHABLE(7),
    PROHIBIT(8);

    private final int number;

    AddressType(int number) {
        this.number = number;
    }

    /** Returns the kernel's number RTN_*. */
    public int number() {
        return number;
    }
}
