package io.fairlead.core.trace;

/** A packet at the point where it leaves a chain, and the way in which it leaves. */
public record PathEnd(Packet packet, Ending ending) {

    /** The way in which a packet leaves a chain. */
    public enum Ending {
        /**
         * The packet returns to the calling chain, after the last rule or because of a return. In a base chain, the
         * policy of the chain applies.
         */
        RETURNED,
        /** The packet is accepted or translated: no other chain of this table sees it at this hook. */
        DECIDED,
        /** The packet is dropped. */
        DROPPED,
        /** The packet is rejected, with an ICMP error or a TCP reset. */
        REJECTED
    }
}
