package io.fairlead.nft.rule;

import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The declared type of a set or map. In an IPv6 table, the addresses are IPv6. */
public sealed interface SetType {

    /** A set of addresses. */
    record Addresses() implements SetType {}

    /** A set of address ranges that do not overlap. */
    record Ranges() implements SetType {}

    /** A set of address pairs with a protocol and port. */
    record Pairs() implements SetType {}

    /** A set of addresses with ports. */
    record Sockets() implements SetType {}

    /** A map from the address, protocol and port of a Service to a verdict. */
    record VipVerdicts() implements SetType {}

    /** A map from a node port to a verdict. */
    record NodePortVerdicts() implements SetType {}

    /**
     * A map from address, port and slot to an endpoint. A slot is the number of an endpoint in its pool; rules choose
     * the slot by a random number, so the key is declared with a random number as its last part. There is one map for
     * each protocol. The reason: with "th dport" instead of the port of one protocol, nft 1.0.6 refuses to add a rule
     * with another modulus to an existing table.
     */
    record VipEndpoints(Protocol protocol) implements SetType {}

    /** A map from node port and slot to an endpoint. */
    record NodePortEndpoints(Protocol protocol) implements SetType {}

    /**
     * A map from protocol and slot to an endpoint. All elements have the same protocol. The protocol is part of the key
     * because of nft 1.1.7: if a key consists only of a number, this version writes the number in a byte order that
     * differs from the kernel's lookups.
     */
    record PoolEndpoints(Protocol protocol) implements SetType {}

    /**
     * An affinity map, from client to endpoint. The rules in the kernel add and remove its elements, so the elements
     * are not part of the ruleset.
     *
     * @param timeoutSeconds the time in seconds after which the kernel deletes a client that opens no connection
     * @param remembers the part of the endpoint that the map stores
     */
    record Affinity(int timeoutSeconds, Remembers remembers) implements SetType {
        /** The maximum number of clients in a map. If the map is full, new clients are served without affinity. */
        public static final int SIZE = 65_536;

        /**
         * The part of the endpoint that an affinity map stores. nft 1.0.6 aborts if "update" has more than 16 bytes of
         * data. Therefore IPv6 needs two maps.
         */
        public enum Remembers {
            ADDRESS_AND_PORT,
            ADDRESS,
            PORT
        }
    }

    /**
     * A set or map of a type that Fairlead does not use. Only its name is known: it can be reported and deleted.
     *
     * @param map whether it is a map
     * @param text the declaration as nft prints it
     */
    record Foreign(boolean map, String text) implements SetType {}

    /**
     * Returns every type of set and map that Fairlead writes. Affinity maps occur with a time-out of one second, which
     * represents all time-outs.
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

    /** Returns whether the elements have data. */
    default boolean isMap() {
        return switch (this) {
            case Addresses _, Ranges _, Pairs _, Sockets _ -> false;
            case VipVerdicts _, NodePortVerdicts _, VipEndpoints _, NodePortEndpoints _, PoolEndpoints _, Affinity _ ->
                true;
            case Foreign(boolean map, var _) -> map;
        };
    }

    /**
     * Returns whether the elements are endpoint slots. If so, the order of the endpoints within a pool has no effect.
     */
    default boolean isPool() {
        return this instanceof VipEndpoints || this instanceof NodePortEndpoints || this instanceof PoolEndpoints;
    }
}
