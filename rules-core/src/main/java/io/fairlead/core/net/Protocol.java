package io.fairlead.core.net;

import java.util.Locale;
import java.util.Optional;

/** Transport protocols a Service port may have (PROTO-1). */
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

    /** The IANA protocol number. */
    public int number() {
        return number;
    }

    /** Lower case, as rules and hashes have it (EDGE-28). */
    public String text() {
        return text;
    }

    /** Reads the API's spelling or ours, in any case; empty for any other protocol. */
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
