package io.fairlead.bench.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/** The client: connects and sees who answers. On threads of the client's namespace only. */
final class Prober {
    private static final int PATIENCE_MS = 1000;
    /**
     * For whoever asks again. An answer that nobody is there can come while connect() itself still has the socket, in a
     * kernel where all hosts are namespaces; TCP then forgets it and repeats its packet only after a second.
     */
    private static final int SHORT_PATIENCE_MS = 50;

    private final LargeCluster cluster;

    Prober(LargeCluster cluster) {
        this.cluster = cluster;
    }

    /** The address of who answers at an address, as a number; empty if nobody does within a second. */
    static OptionalInt ask(int address, int port) {
        return ask(address, port, PATIENCE_MS);
    }

    private static OptionalInt ask(int address, int port, int patience) {
        try (SocketChannel channel = open()) {
            channel.socket().connect(socketAddress(address, port), patience);
            channel.socket().setSoTimeout(PATIENCE_MS);
            InputStream input = channel.socket().getInputStream();
            byte[] answer = input.readNBytes(Integer.BYTES);
            return answer.length == Integer.BYTES
                    ? OptionalInt.of(ByteBuffer.wrap(answer).getInt())
                    : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** Closed with a reset: no connection is left behind in the kernel's tables for long. */
    private static SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        return channel;
    }

    /** Whether anybody accepts connections at an address. */
    static boolean connects(int address, int port) {
        try (SocketChannel channel = open()) {
            channel.socket().connect(socketAddress(address, port), SHORT_PATIENCE_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress socketAddress(int address, int port) throws UnknownHostException {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(address).array();
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    }

    /** Whether an endpoint the Service has now answers for it. */
    boolean isServed(int service) {
        OptionalInt by = ask(LargeCluster.address(service), LargeCluster.PORT, SHORT_PATIENCE_MS);
        return by.isPresent() && cluster.isCurrent(service, by.getAsInt());
    }

    /**
     * Asks until an endpoint the Service has now answers.
     *
     * @param pause between two attempts
     * @param proxy must go on running
     * @param until {@link System#nanoTime} at which it is given up
     * @return the number of attempts
     */
    int await(int service, Duration pause, Program proxy, long until) {
        int attempts = 1;
        while (!isServed(service)) {
            attempts++;
            proxy.check();
            if (System.nanoTime() > until) {
                throw new BenchException("Service " + service + " is not served in time");
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        return attempts;
    }
}
