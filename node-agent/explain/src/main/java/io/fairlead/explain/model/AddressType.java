package io.fairlead.explain.model;

/** The types that routing tables give to addresses, with the numbers of the kernel (RTN_*). */
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

    /** Returns the number of the kernel. */
    public int number() {
        return number;
    }
}
