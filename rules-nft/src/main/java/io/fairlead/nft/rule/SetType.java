package io.fairlead.nft.rule;

import io.fairlead.core.net.Protocol;

/** What a set or map is declared as. In an IPv6 table the addresses are IPv6. */
public sealed interface SetType {

    /** Set of addresses. */
    record Addresses() implements SetType {}

    /** Set of disjoint ranges of addresses. */
    record Ranges() implements SetType {}

    /** Set of address pairs with protocol and port. */
    record Pairs() implements SetType {}

    /** Set of addresses with ports. */
    record Sockets() implements SetType {}

    /** Map from a Service's address, protocol and port to a verdict. */
    record VipVerdicts() implements SetType {}

    /** Map from a node port to a verdict. */
    record NodePortVerdicts() implements SetType {}

    /**
     * Map from address, port and index to an endpoint. Declared with a random number as part of the key, and per
     * protocol: with "th dport" nft 1.0.6 refuses to add a rule with another modulus to a table that exists.
     */
    record VipEndpoints(Protocol protocol) implements SetType {}

    /** Map from node port and index to an endpoint. */
    record NodePortEndpoints(Protocol protocol) implements SetType {}

    /**
     * Map from protocol and index to an endpoint. All have the same protocol, which is there because nft 1.1.7 writes a
     * number that is a key by itself in the other byte order than the kernel looks it up with.
     */
    record PoolEndpoints(Protocol protocol) implements SetType {}

    /** Map from client to endpoint that the rules fill themselves; its elements are not part of the ruleset. */
    record Affinity(int timeoutSeconds, Remembers remembers) implements SetType {

        /**
         * What is kept of the endpoint: nft 1.0.6 aborts on "update" with more than 16 bytes, so IPv6 needs two maps.
         */
        public enum Remembers {
            ADDRESS_AND_PORT,
            ADDRESS,
            PORT
        }
    }

    /**
     * Something that is not ours: it can be named and deleted, and that is all.
     *
     * @param map whether it is a map
     * @param text its declaration as nft prints it
     */
    record Foreign(boolean map, String text) implements SetType {}

    /** Whether elements have data. */
    default boolean isMap() {
        return switch (this) {
            case Addresses _, Ranges _, Pairs _, Sockets _ -> false;
            case VipVerdicts _, NodePortVerdicts _, VipEndpoints _, NodePortEndpoints _, PoolEndpoints _, Affinity _ ->
                true;
            case Foreign(boolean map, var _) -> map;
        };
    }

    /** Whether elements are numbered places of pools, so that their order within a pool does not matter. */
    default boolean isPool() {
        return this instanceof VipEndpoints || this instanceof NodePortEndpoints || this instanceof PoolEndpoints;
    }
}
