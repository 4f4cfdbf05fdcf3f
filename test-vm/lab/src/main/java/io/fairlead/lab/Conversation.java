package io.fairlead.lab;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A TCP connection that stays open while the rules change. Not thread-safe. */
public final class Conversation implements AutoCloseable {
    private final SocketChannel channel;

    Conversation(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Asks the listener for its name, over this connection.
     *
     * @return the listener's name
     * @throws IOException if the connection is broken, or if no answer arrives within the time limit that was given
     *     when the connection was opened
     */
    public String who() throws IOException {
        return ask().by();
    }

    Greeting ask() throws IOException {
        channel.socket().getOutputStream().write(Greeting.QUESTION);
        InputStream input = channel.socket().getInputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        int next = input.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("closed in the middle of an answer");
            }
            line.write(next);
            next = input.read();
        }
        return Greeting.parse(line.toString(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
