package io.fairlead.core.net;

import java.util.Locale;
import java.util.Optional;

/** The transport protocols that a Service port may have (PROTO-1). */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;
    private final String text;

    Protocol(int number) {
        this.number = number;
        this.text = name().toLowerCase(Locale.ROOT);
    }

    /** Returns the IANA protocol number. */
    public int number() {
        return number;
    }

    /** Returns the name in lower case, the form in which rules and hashes contain it (EDGE-28). */
    public String text() {
        return text;
    }

    /** Parses a protocol name; upper and lower case are equal. Returns empty if the protocol is none of these three. */
    public static Optional<Protocol> parse(String text) {
        for (Protocol protocol : values()) {
            if (protocol.text.equals(text.toLowerCase(Locale.ROOT))) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
