package io.fairlead.bench.cluster;

import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Simulates all endpoints with one socket. The socket accepts connections to any address, and answers each connection
 * with its destination address in 4 bytes.
 */
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
                // Either the socket was closed, or the client ended its connection before it was accepted. In the
                // second case the loop continues.
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
