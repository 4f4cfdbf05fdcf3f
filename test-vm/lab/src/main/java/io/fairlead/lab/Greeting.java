package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The lab's protocol. A client sends {@link #QUESTION}. A listener answers with one line: its name, the address at
 * which it listens, and the source address that it saw. A TCP connection may carry any number of questions; over UDP
 * each question and each answer is one datagram.
 *
 * @param by the listener's name, without spaces
 * @param at the address at which the listener listens
 * @param seenSource the source address that the listener saw
 */
record Greeting(String by, IpPort at, Ip seenSource) {
    static final byte QUESTION = '?';

    /** Returns the line, with its newline. */
    byte[] line() {
        return (by + " " + at.text() + " " + seenSource.text() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if the line does not follow this protocol
     */
    static Greeting parse(String line) {
        List<String> words = List.of(line.strip().split(" ", -1));
        if (words.size() != 3) {
            throw new IllegalArgumentException("not a greeting: \"" + line + "\"");
        }
        return new Greeting(words.get(0), IpPort.parse(words.get(1)), Ip.parse(words.get(2)));
    }
}
