package io.fairlead.core.trace;

/** A packet that left a chain, and how it left. */
public record PathEnd(Packet packet, Ending ending) {

    /** How a packet leaves a chain. */
    public enum Ending {
        /**
         * The packet returns to the calling chain, after the last rule or by a return; in a base chain, the chain
         * policy applies.
         */
        RETURNED,
        /** The packet is accepted or translated: no other chain of this table sees it at this hook. */
        DECIDED,
        /** The packet is dropped. */
        DROPPED,
        /** The packet is rejected with an ICMP error. */
        REJECTED
    }
}
