package io.fairlead.nft.rule;

/**
 * Where in a packet's way a base chain is called.
 *
 * @param priority chains of one point run from the lowest to the highest
 * @param accepts whether a packet goes on that no rule has decided
 */
public record Hook(Type type, Point point, int priority, boolean accepts) {

    /** The kind of base chain. */
    public enum Type {
        FILTER,
        NAT,
        ROUTE
    }

    /** Points of the packet's way in families ip and ip6. */
    public enum Point {
        PREROUTING,
        INPUT,
        FORWARD,
        OUTPUT,
        POSTROUTING
    }

    /** A hook whose chain lets undecided packets go on. */
    public Hook(Type type, Point point, int priority) {
        this(type, point, priority, true);
    }
}
