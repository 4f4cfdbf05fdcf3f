package io.fairlead.explain.model;

import java.util.List;

/**
 * The hook at which the kernel calls a base chain.
 *
 * @param priority orders the chains at the hook, smallest first. Chains of type nat are an exception: the kernel calls
 *     all of them together at a fixed priority, and their own priorities only decide their order
 * @param accepts whether the chain's policy is to accept a packet about which no rule decided
 * @param devices the names of the network devices, for the hooks INGRESS and EGRESS; empty for other hooks
 */
public record BaseHook(Hook hook, Type type, int priority, boolean accepts, List<String> devices) {

    /** The types of chains. */
    public enum Type {
        FILTER,
        NAT,
        /** At hook OUTPUT, the kernel chooses the route again if a chain of this type changes the mark. */
        ROUTE
    }

    /** The priority at which the kernel replaces destination addresses (Linux 6.1: NF_IP_PRI_NAT_DST). */
    public static final int DESTINATION_NAT = -100;

    /** The priority at which the kernel replaces source addresses (Linux 6.1: NF_IP_PRI_NAT_SRC). */
    public static final int SOURCE_NAT = 100;

    /** The priority at which the kernel assigns packets to connections (Linux 6.1: NF_IP_PRI_CONNTRACK). */
    public static final int CONNECTION_TRACKING = -200;

    /** Makes an immutable copy of the list. */
    public BaseHook {
        devices = List.copyOf(devices);
    }

    /** Creates a hook of the IP layer; such a hook is not bound to a device. */
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
