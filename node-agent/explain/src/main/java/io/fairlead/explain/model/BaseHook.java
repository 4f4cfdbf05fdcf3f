package io.fairlead.explain.model;

import java.util.List;

/**
 * Where the kernel calls a base chain.
 *
 * @param priority the order at the hook, smallest first. The kernel calls all chains of type nat of a hook at one fixed
 *     priority, whatever their own priority is; that orders them among themselves
 * @param accepts whether the policy accepts a packet that no rule decided
 * @param devices the devices of a hook INGRESS or EGRESS; empty for other hooks
 */
public record BaseHook(Hook hook, Type type, int priority, boolean accepts, List<String> devices) {

    /** The types of chains. */
    public enum Type {
        FILTER,
        NAT,
        /** A changed mark makes the kernel look for the route again, at hook OUTPUT. */
        ROUTE
    }

    /** The priority at which the kernel translates destinations (Linux 6.1: NF_IP_PRI_NAT_DST). */
    public static final int DESTINATION_NAT = -100;

    /** The priority at which the kernel translates sources (Linux 6.1: NF_IP_PRI_NAT_SRC). */
    public static final int SOURCE_NAT = 100;

    /** The priority at which the kernel assigns packets to connections (Linux 6.1: NF_IP_PRI_CONNTRACK). */
    public static final int CONNECTION_TRACKING = -200;

    /** Copies the list. */
    public BaseHook {
        devices = List.copyOf(devices);
    }

    /** A hook of the IP layer. */
    public BaseHook(Hook hook, Type type, int priority, boolean accepts) {
        this(hook, type, priority, accepts, List.of());
    }

    /** Returns the priority at which the kernel calls the chain. */
    public int calledAt() {
        if (type != Type.NAT) {
            return priority;
        }
        return hook == Hook.PREROUTING || hook == Hook.OUTPUT ? DESTINATION_NAT : SOURCE_NAT;
    }
}
