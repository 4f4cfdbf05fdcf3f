package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections from a host of the lab. The sockets are created on the host's thread, and the calling thread waits
 * for the result.
 */
final class Client {
    private final NamespaceThread thread;

    Client(NamespaceThread thread) {
        this.thread = thread;
    }

    Answer ask(Protocol protocol, @Nullable Ip from, IpPort to, Duration patience) {
        return switch (protocol) {
            case TCP -> askByTcp(from, to, patience);
            case UDP -> askByUdp(from, to, patience);
            case SCTP -> throw new IllegalArgumentException("the lab has no SCTP sockets");
        };
    }

    /**
     * Opens a TCP connection that stays open.
     *
     * @throws IOException if the connection cannot be opened in time
     */
    Conversation converse(@Nullable Ip from, IpPort to, Duration patience) throws IOException {
        SocketChannel channel = thread.call(() -> boundTcp(from, to));
        try {
            channel.socket().connect(Addresses.socketAddress(to.ip(), to.port()), millis(patience));
            channel.socket().setSoTimeout(millis(patience));
            return new Conversation(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Answer askByTcp(@Nullable Ip from, IpPort to, Duration patience) {
        long start = System.nanoTime();
        try (Conversation conversation = converse(from, to, patience)) {
            Greeting greeting = conversation.ask();
            return new Answer.Answered(greeting.by(), greeting.at(), greeting.seenSource(), since(start));
        } catch (IOException e) {
            return explain(e, since(start));
        }
    }

    private Answer askByUdp(@Nullable Ip from, IpPort to, Duration patience) {
        long start = System.nanoTime();
        try (DatagramChannel channel = thread.call(() -> boundUdp(from, to))) {
            channel.connect(Addresses.socketAddress(to.ip(), to.port()));
            channel.socket().setSoTimeout(millis(patience));
            send(channel);
            DatagramPacket answer = new DatagramPacket(new byte[256], 256);
            channel.socket().receive(answer);
            Greeting greeting =
                    Greeting.parse(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
            return new Answer.Answered(greeting.by(), greeting.at(), greeting.seenSource(), since(start));
        } catch (IOException e) {
            return explain(e, since(start));
        }
    }

    /**
     * Sends the question. If a rule on this host rejects the datagram, send() fails with EPERM. The exception is
     * ignored, because the kernel also sends an ICMP error, as another host would.
     */
    private static void send(DatagramChannel channel) throws IOException {
        try {
            channel.socket().send(new DatagramPacket(new byte[] {Greeting.QUESTION}, 1));
        } catch (IOException e) {
            if (!says(e, "Operation not permitted")) {
                throw e;
            }
        }
    }

    private static SocketChannel boundTcp(@Nullable Ip from, IpPort to) throws IOException {
        SocketChannel channel =
                SocketChannel.open(Addresses.protocolFamily(to.ip().family()));
        return from == null ? channel : channel.bind(Addresses.socketAddress(from, 0));
    }

    private static DatagramChannel boundUdp(@Nullable Ip from, IpPort to) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(Addresses.protocolFamily(to.ip().family()));
        return from == null ? channel : channel.bind(Addresses.socketAddress(from, 0));
    }

    private static Answer explain(IOException failure, Duration after) {
        return switch (failure) {
            case PortUnreachableException _ -> new Answer.Refused(after);
            case SocketTimeoutException _ -> new Answer.TimedOut(after);
            case ConnectException refused when says(refused, "refused") -> new Answer.Refused(after);
            case EOFException _ -> new Answer.Failed("closed without an answer", after);
            default -> new Answer.Failed(String.valueOf(failure.getMessage()), after);
        };
    }

    private static boolean says(IOException failure, String words) {
        return failure.getMessage() != null && failure.getMessage().contains(words);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static int millis(Duration patience) {
        return Math.max(1, Math.toIntExact(patience.toMillis()));
    }
}
