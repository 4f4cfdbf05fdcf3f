package io.fairlead.core.flow;

import java.util.Locale;

/** What becomes of a packet. */
public enum Verdict {
    /** Sent to an endpoint. */
    DNAT,
    /** Refused with an ICMP error. */
    REJECT,
    /** Discarded without a word. */
    DROP,
    /** Let through by a rule that says so, with its address unchanged. */
    ACCEPT,
    /** Nothing said anything about it. */
    PASS;

    /** Lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
