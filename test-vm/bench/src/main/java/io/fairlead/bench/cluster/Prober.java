package io.fairlead.bench.cluster;

import io.fairlead.lab.RunningProgram;
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

/** Connects to Services and reads which endpoint answers. Call it only on threads in the client's namespace. */
final class Prober {
    private static final int PATIENCE_MS = 1000;
    /**
     * The time limit in milliseconds for a connection that is retried. It is short for this reason: all hosts of the
     * lab share one kernel, so a refusal can arrive while connect() still holds the socket. TCP then drops the refusal,
     * and repeats its packet only after a second.
     */
    private static final int SHORT_PATIENCE_MS = 50;

    private final LargeCluster cluster;

    Prober(LargeCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Connects to an address and returns the address of the endpoint that answers, as a number of 32 bits; empty if no
     * endpoint answers within a second.
     */
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

    /** Opens a socket that closes with a reset, so that no connection stays in the kernel's tables. */
    private static SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        return channel;
    }

    /** Returns whether connections to an address are accepted. */
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

    /** Returns whether a current endpoint of the Service answers at the Service's address. */
    boolean isServed(int service) {
        OptionalInt by = ask(LargeCluster.address(service), LargeCluster.PORT, SHORT_PATIENCE_MS);
        return by.isPresent() && cluster.isCurrent(service, by.getAsInt());
    }

    /**
     * Retries until a current endpoint of the Service answers.
     *
     * @param pause the pause between two attempts
     * @param proxy the measured proxy; an exception is thrown if it ends
     * @param until the deadline, a value of {@link System#nanoTime}
     * @return the number of attempts
     */
    int await(int service, Duration pause, RunningProgram proxy, long until) {
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
