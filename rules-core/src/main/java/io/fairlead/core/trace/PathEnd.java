package io.fairlead.core.trace;

/** A packet that has left a chain, and how. */
record PathEnd(Packet packet, Ending ending) {

    /** How a packet leaves a chain. */
    enum Ending {
        /** Back to the calling chain, behind the last rule or by a return; from a base chain to its policy. */
        RETURNED,
        /** Accepted or translated: no chain of this hook's table sees the packet again. */
        DECIDED,
        DROPPED,
        /** Refused with an ICMP error. */
        REJECTED
    }
}
