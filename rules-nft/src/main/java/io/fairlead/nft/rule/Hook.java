package io.fairlead.nft.rule;

/**
 * The point of a packet's path at which the kernel calls a base chain.
 *
 * @param priority decides the order of several chains at the same point; the chain with the lowest priority number runs
 *     first
 * @param accepts whether the chain accepts a packet about which none of its rules decides
 */
public record Hook(Type type, Point point, int priority, boolean accepts) {

    /** The type of a base chain. */
    public enum Type {
        FILTER,
        NAT,
        ROUTE
    }

    /** The points of a packet's path in the families ip and ip6. */
    public enum Point {
        PREROUTING,
        INPUT,
        FORWARD,
        OUTPUT,
        POSTROUTING
    }

    /** Creates a hook whose chain accepts a packet about which no rule decides. */
    public Hook(Type type, Point point, int priority) {
        this(type, point, priority, true);
    }
}
