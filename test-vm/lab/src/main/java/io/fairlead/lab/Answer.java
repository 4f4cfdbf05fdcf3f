package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.time.Duration;

/** What came of an attempt to reach somebody. */
public sealed interface Answer {

    /**
     * Somebody answered.
     *
     * @param by the listener's name
     * @param at where the listener listens: the address after translation
     * @param seenSource the client's address as the listener saw it; not the client's own if it was masqueraded
     */
    record Answered(String by, IpPort at, Ip seenSource, Duration after) implements Answer {
        @Override
        public String text() {
            return "answered by " + by;
        }
    }

    /** Refused: a reset, or an ICMP port unreachable. */
    record Refused(Duration after) implements Answer {
        @Override
        public String text() {
            return "refused";
        }
    }

    /** No word until the time was over. */
    record TimedOut(Duration after) implements Answer {
        @Override
        public String text() {
            return "no answer";
        }
    }

    /** Anything else: no route, a broken connection. */
    record Failed(String reason, Duration after) implements Answer {
        @Override
        public String text() {
            return "failed: " + reason;
        }
    }

    /** How long it took. */
    Duration after();

    /** For people, without the time. */
    String text();
}
