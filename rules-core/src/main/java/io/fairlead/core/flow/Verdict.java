package io.fairlead.core.flow;

import java.util.Locale;

/** The result of the rules for a packet. */
public enum Verdict {
    /** The packet is sent to an endpoint. */
    DNAT,
    /** The packet is rejected, with an ICMP error or a TCP reset. */
    REJECT,
    /** The packet is discarded without an answer. */
    DROP,
    /** A rule accepts the packet and does not change its address. */
    ACCEPT,
    /** No rule decides about the packet. */
    PASS;

    /** Returns the name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
