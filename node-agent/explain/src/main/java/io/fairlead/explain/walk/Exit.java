package io.fairlead.explain.walk;

/** The state of a packet when it leaves a chain, and the way in which it leaves. */
record Exit(State state, Ending ending) {

    /** The ways in which a packet leaves a chain. */
    enum Ending {
        /** The packet returns to the calling chain. In a base chain, the policy applies. */
        RETURNED,
        /**
         * A rule accepted the packet or changed its address. The other rules of this base chain do not see the packet.
         */
        DECIDED,
        DROPPED,
        REJECTED,
        /** A process of this host received the packet. */
        TAKEN,
        /** A rule has an action whose meaning is unknown. */
        UNKNOWN
    }
}
