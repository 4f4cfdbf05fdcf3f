package io.fairlead.nft.rule;

/**
 * The point of a packet's path at which the kernel calls a base chain.
 *
 * @param priority the chains of one point run from the lowest to the highest priority
 * @param accepts whether the chain accepts a packet that none of its rules decides
 */
public record Hook(Type type, Point point, int priority, boolean accepts) {

    /** The kind of base chain. */
    public enum Type {
        FILTER,
        NAT,
        ROUTE
    }

    /** The points of the packet's path in families ip and ip6. */
    public enum Point {
        PREROUTING,
        INPUT,
        FORWARD,
        OUTPUT,
        POSTROUTING
    }

    /** A hook whose chain accepts undecided packets. */
    public Hook(Type type, Point point, int priority) {
        this(type, point, priority, true);
    }
}
