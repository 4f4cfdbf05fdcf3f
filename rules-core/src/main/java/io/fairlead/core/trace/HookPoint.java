package io.fairlead.core.trace;

import java.util.List;

/** Where the kernel calls rules (netfilter's hooks of the families ip and ip6). */
public enum HookPoint {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING;

    private static final List<HookPoint> FROM_HERE = List.of(OUTPUT, POSTROUTING, INPUT);
    private static final List<HookPoint> FROM_OUTSIDE = List.of(PREROUTING, INPUT, FORWARD, POSTROUTING);

    /** The hooks that a packet may pass, in the kernel's order; {@link #isPassed} says which of them it does pass. */
    static List<HookPoint> order(boolean fromHere) {
        return fromHere ? FROM_HERE : FROM_OUTSIDE;
    }

    /**
     * Whether a packet passes this hook of {@link #order}. A packet of the host to itself leaves by OUTPUT and
     * POSTROUTING and comes in by INPUT; its PREROUTING has no effect, because nat rules see only the first hook of a
     * connection.
     *
     * @param toHere whether the destination, as translated so far, is an address of this host
     */
    boolean isPassed(boolean fromHere, boolean toHere) {
        return switch (this) {
            case PREROUTING, OUTPUT -> true;
            case INPUT -> toHere;
            case FORWARD -> !toHere;
            case POSTROUTING -> fromHere || !toHere;
        };
    }
}
