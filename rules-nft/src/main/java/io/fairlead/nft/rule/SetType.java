package io.fairlead.nft.rule;

import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The declared type of a set or map. In an IPv6 table the addresses are IPv6. */
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
     * Map from address, port and slot to an endpoint. It is declared with a random number as part of the key, and
     * separately for each protocol. With "th dport", nft 1.0.6 refuses to add a rule with another modulus to an
     * existing table.
     */
    record VipEndpoints(Protocol protocol) implements SetType {}

    /** Map from node port and slot to an endpoint. */
    record NodePortEndpoints(Protocol protocol) implements SetType {}

    /**
     * Map from protocol and slot to an endpoint. All elements have the same protocol. The protocol is part of the key
     * because nft 1.1.7 writes a key that is only a number in another byte order than the kernel uses for its lookups.
     */
    record PoolEndpoints(Protocol protocol) implements SetType {}

    /** Map from client to endpoint that the rules fill themselves. Its elements are not part of the ruleset. */
    record Affinity(int timeoutSeconds, Remembers remembers) implements SetType {
        /** The most clients of a map. If it is full, new clients are served without affinity. */
        public static final int SIZE = 65_536;

        /**
         * The stored part of the endpoint. nft 1.0.6 aborts on "update" with more than 16 bytes, so IPv6 needs two
         * maps.
         */
        public enum Remembers {
            ADDRESS_AND_PORT,
            ADDRESS,
            PORT
        }
    }

    /**
     * A foreign set or map. It can only be named and deleted.
     *
     * @param map whether it is a map
     * @param text its declaration as nft prints it
     */
    record Foreign(boolean map, String text) implements SetType {}

    /**
     * Returns every type of set and map that Fairlead writes. Affinity maps are here with a time-out of one second, for
     * all others.
     */
    static List<SetType> ours() {
        List<SetType> types = new ArrayList<>(List.of(
                new Addresses(), new Ranges(), new Pairs(), new Sockets(), new VipVerdicts(), new NodePortVerdicts()));
        for (Protocol protocol : Protocol.values()) {
            types.add(new VipEndpoints(protocol));
            types.add(new NodePortEndpoints(protocol));
            types.add(new PoolEndpoints(protocol));
        }
        for (Affinity.Remembers remembers : Affinity.Remembers.values()) {
            types.add(new Affinity(1, remembers));
        }
        return List.copyOf(types);
    }

    /** Returns whether elements have data. */
    default boolean isMap() {
        return switch (this) {
            case Addresses _, Ranges _, Pairs _, Sockets _ -> false;
            case VipVerdicts _, NodePortVerdicts _, VipEndpoints _, NodePortEndpoints _, PoolEndpoints _, Affinity _ ->
                true;
            case Foreign(boolean map, var _) -> map;
        };
    }

    /** Returns whether the elements are endpoint slots, so that their order within a pool does not matter. */
    default boolean isPool() {
        return this instanceof VipEndpoints || this instanceof NodePortEndpoints || this instanceof PoolEndpoints;
    }
}
