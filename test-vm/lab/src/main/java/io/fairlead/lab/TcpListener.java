package io.fairlead.lab;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Accepts TCP connections and answers the questions on them. */
final class TcpListener implements Listener {
    private static final int BACKLOG = 1024;

    private final String name;
    private final IpPort at;
    private final ServerSocketChannel channel;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();

    private TcpListener(String name, IpPort at, ServerSocketChannel channel) {
        this.name = name;
        this.at = at;
        this.channel = channel;
    }

    /** Opens a listener. Call it on a thread in the listener's namespace. */
    static TcpListener open(String name, IpPort at) throws IOException {
        ServerSocketChannel channel =
                ServerSocketChannel.open(Addresses.protocolFamily(at.ip().family()));
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(Addresses.socketAddress(at.ip(), at.port()), BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        TcpListener listener = new TcpListener(name, at, channel);
        Thread.ofVirtual().name("accept " + at).start(listener::accept);
        return listener;
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel connection = channel.accept();
                connections.add(connection);
                Thread.ofVirtual().name("serve " + at).start(() -> serve(connection));
            } catch (IOException e) {
                // Either the channel was closed, or the client ended its connection before it was accepted. In the
                // second case the loop continues.
            }
        }
        connections.forEach(TcpListener::cut);
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            byte[] line = new Greeting(
                            name,
                            at,
                            Addresses.ipPort(connection.getRemoteAddress()).ip())
                    .line();
            ByteBuffer question = ByteBuffer.allocate(1);
            while (connection.read(question.clear()) == 1) {
                answered.incrementAndGet();
                ByteBuffer answer = ByteBuffer.wrap(line);
                while (answer.hasRemaining()) {
                    connection.write(answer);
                }
            }
        } catch (IOException e) {
            // The client closed the connection early. Nothing is reported, because the client reports its own result.
        } finally {
            connections.remove(connection);
        }
    }

    private static void cut(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new LabException("cannot close a connection", e);
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.TCP;
    }

    @Override
    public IpPort at() {
        return at;
    }

    @Override
    public long answered() {
        return answered.get();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LabException("cannot close " + at, e);
        }
        connections.forEach(TcpListener::cut);
    }
}
