package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The lab's protocol: a client sends {@link #QUESTION}, a listener answers with one line that says who it is, where it
 * listens and from where it saw the question come. Over TCP any number of times, over UDP one datagram each.
 *
 * @param by the listener's name, without spaces
 */
record Greeting(String by, IpPort at, Ip seenSource) {
    static final byte QUESTION = '?';

    /** One line, its newline included. */
    byte[] line() {
        return (by + " " + at.text() + " " + seenSource.text() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none of ours
     */
    static Greeting parse(String line) {
        List<String> words = List.of(line.strip().split(" ", -1));
        if (words.size() != 3) {
            throw new IllegalArgumentException("not a greeting: \"" + line + "\"");
        }
        return new Greeting(words.get(0), IpPort.parse(words.get(1)), Ip.parse(words.get(2)));
    }
}
