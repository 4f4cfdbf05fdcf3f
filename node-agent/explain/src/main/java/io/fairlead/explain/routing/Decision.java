package io.fairlead.explain.routing;

/** The result of routing: where the kernel sends a packet. */
public sealed interface Decision {

    /** The packet is delivered to this host. */
    record Here() implements Decision {}

    /**
     * The packet leaves by an interface.
     *
     * @param by the routing rule and the route that decided, as text for users
     * @param special whether the deciding routing rule differs from the rules that the kernel creates on every node
     */
    record Out(String device, String by, boolean special) implements Decision {}

    /**
     * The packet is discarded.
     *
     * @param by the routing rule and the route that decided, or that there is no route, as text for users
     * @param silent whether the sender gets no ICMP error
     */
    record Nowhere(String by, boolean silent) implements Decision {}

    /** The routes are not known. */
    record Unknown() implements Decision {}
}
