package io.fairlead.nft.trace;

/** A packet after a chain or a rule, and what became of it there. */
record PathEnd(Packet packet, Ending ending) {

    /** How a chain or a rule ends. */
    enum Ending {
        /** The rule did not match. */
        MISSED,
        /** The next rule is next; for a chain, the caller's. */
        NEXT,
        /** The rest of this chain is left out. */
        RETURNED,
        /** This hook's chain is left: accepted, or sent elsewhere. */
        DECIDED,
        DROPPED,
        REJECTED
    }
}
