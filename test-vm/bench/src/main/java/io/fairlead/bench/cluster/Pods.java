package io.fairlead.bench.cluster;

import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** All endpoints in one socket. It accepts connections to any address and answers each with that address in 4 bytes. */
final class Pods implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final ServerSocketChannel server;

    Pods(LabHost host) {
        server = host.inside(() -> {
            ServerSocketChannel made = ServerSocketChannel.open(StandardProtocolFamily.INET);
            return made.bind(new InetSocketAddress("0.0.0.0", LargeCluster.TARGET_PORT), BACKLOG);
        });
        Thread.ofPlatform().daemon().name("pods").start(this::serve);
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                InetSocketAddress at = (InetSocketAddress) connection.getLocalAddress();
                connection.write(ByteBuffer.wrap(at.getAddress().getAddress()));
            } catch (IOException e) {
                // Either the socket is closed, or the client was gone before it was accepted. The loop's condition
                // distinguishes the two.
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new BenchException("cannot close the pods' socket", e);
        }
    }
}
