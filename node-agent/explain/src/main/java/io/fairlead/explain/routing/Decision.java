package io.fairlead.explain.routing;

/** Where the kernel sends a packet. */
public sealed interface Decision {

    /** To this host. */
    record Here() implements Decision {}

    /**
     * Out of an interface.
     *
     * @param by the routing rule and the route, for people
     * @param special whether another rule than those of every node decided
     */
    record Out(String device, String by, boolean special) implements Decision {}

    /**
     * Nowhere.
     *
     * @param by the routing rule and the route, for people; or that there is none
     * @param silent whether the sender gets no error
     */
    record Nowhere(String by, boolean silent) implements Decision {}

    /** The routes are not known. */
    record Unknown() implements Decision {}
}
