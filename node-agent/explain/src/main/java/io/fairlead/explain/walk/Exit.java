package io.fairlead.explain.walk;

/** A packet that left a chain, and how it left. */
record Exit(State state, Ending ending) {

    /** How a packet leaves a chain. */
    enum Ending {
        /** To the calling chain; in a base chain, the policy applies. */
        RETURNED,
        /** This base chain is finished with the packet. */
        DECIDED,
        DROPPED,
        REJECTED,
        /** A process of this host has the packet. */
        TAKEN,
        /** A rule did something that is not understood. */
        UNKNOWN
    }
}
