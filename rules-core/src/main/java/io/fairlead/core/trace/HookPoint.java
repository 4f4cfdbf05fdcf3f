package io.fairlead.core.trace;

import java.util.List;

/** The points at which the kernel calls rules (the netfilter hooks of the families ip and ip6). */
public enum HookPoint {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING;

    private static final List<HookPoint> FROM_HERE = List.of(OUTPUT, POSTROUTING, INPUT);
    private static final List<HookPoint> FROM_OUTSIDE = List.of(PREROUTING, INPUT, FORWARD, POSTROUTING);

    /**
     * Returns the hooks that a packet may pass, in the order of the kernel. {@link #isPassed} decides which of these
     * hooks the packet passes.
     *
     * @param fromHere whether this host sends the packet
     */
    static List<HookPoint> order(boolean fromHere) {
        return fromHere ? FROM_HERE : FROM_OUTSIDE;
    }

    /**
     * Returns whether a packet passes this hook. A packet from the host to itself leaves through OUTPUT and POSTROUTING
     * and arrives through INPUT. Such a packet also passes PREROUTING, but this has no effect, because nat rules see a
     * connection only at its first hook.
     *
     * @param fromHere whether this host sends the packet
     * @param toHere whether the current destination, after translation by earlier hooks, is an address of this host
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
