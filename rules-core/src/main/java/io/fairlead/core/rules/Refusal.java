package io.fairlead.core.rules;

import io.fairlead.core.net.Protocol;

/** The answer that a rule sends to a packet that it rejects. */
public enum Refusal {
    /**
     * An ICMP or ICMPv6 error, port unreachable, for every protocol (NEH-2). A TCP client in a pod whose
     * connect() blocks sees this error only when it sends its first packet again, after 1 s: Linux 6.1, 6.12 and 6.18
     * drop an ICMP error that arrives while connect() holds the socket.
     */
    PORT_UNREACHABLE("rejected with ICMP port unreachable"),
    /** A TCP reset. Only rules for TCP can send it. */
    TCP_RESET("rejected with a TCP reset");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** Returns the answer that clients of a protocol notice soonest. */
    public static Refusal of(Protocol protocol) {
        return protocol == Protocol.TCP ? TCP_RESET : PORT_UNREACHABLE;
    }

    /** Returns what happens to the packet, for people: "rejected with a TCP reset". */
    public String text() {
        return text;
    }
}
