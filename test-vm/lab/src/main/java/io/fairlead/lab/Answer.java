package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.time.Duration;

/** The result of an attempt to connect. */
public sealed interface Answer {

    /**
     * A listener answered.
     *
     * @param by the listener's name
     * @param at the address at which the listener listens: the packet's destination after DNAT
     * @param seenSource the source address that the listener saw. It differs from the client's address if the packet
     *     was masqueraded
     * @param after the time from the beginning of the attempt to the answer
     */
    record Answered(String by, IpPort at, Ip seenSource, Duration after) implements Answer {
        @Override
        public String text() {
            return "answered by " + by;
        }
    }

    /** The connection was refused, by a reset or by an ICMP port unreachable. */
    record Refused(Duration after) implements Answer {
        @Override
        public String text() {
            return "refused";
        }
    }

    /** No answer came before the time limit. */
    record TimedOut(Duration after) implements Answer {
        @Override
        public String text() {
            return "no answer";
        }
    }

    /** Any other failure, for example no route or a broken connection. */
    record Failed(String reason, Duration after) implements Answer {
        @Override
        public String text() {
            return "failed: " + reason;
        }
    }

    /** Returns the duration of the attempt. */
    Duration after();

    /** Returns a text for users, without the duration. */
    String text();
}
