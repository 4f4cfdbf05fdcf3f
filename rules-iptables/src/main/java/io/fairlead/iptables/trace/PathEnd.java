package io.fairlead.iptables.trace;

/** A packet that has left a chain. */
record PathEnd(How how, Packet packet) {

    /** Which way out. */
    enum How {
        /** Behind the last rule, or by RETURN. */
        RETURNED,
        /** Done with this table at this hook. */
        ACCEPTED,
        DROPPED,
        REJECTED
    }
}
