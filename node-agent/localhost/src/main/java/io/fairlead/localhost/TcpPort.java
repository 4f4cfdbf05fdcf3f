package io.fairlead.localhost;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts TCP connections to a node port on a loopback address, and forwards them to endpoints. Each connection has two
 * virtual threads, one for each direction. If one side closes its direction in an orderly way, that direction is closed
 * on the other side too. After any other end of a connection, both sides are reset, so that a client never takes a
 * broken transfer for a complete transfer.
 */
final class TcpPort implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpPort.class);
    private static final int BACKLOG = 128;
    private static final int CONNECT_MILLIS = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final EndpointChoice choice;
    private final Semaphore connections;
    private final Runnable stopped;
    private final ServerSocket server;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Starts to listen.
     *
     * @param connections has a permit for each connection that is served. While there is no free permit, one accepted
     *     connection waits, and new connections wait in the kernel's queue. A port without connections holds no permit
     * @param stopped called if the port stops listening because of an error
     * @throws IOException if the address cannot be listened on
     */
    TcpPort(LocalhostPort port, EndpointChoice choice, Semaphore connections, Runnable stopped) throws IOException {
        this.name = port.key().text();
        this.choice = choice;
        this.connections = connections;
        this.stopped = stopped;
        this.server = new ServerSocket();
        try {
            server.bind(port.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        this.acceptor = Thread.ofVirtual().name("localhost " + name).start(this::accept);
    }

    /**
     * Stops listening. Connections that are served continue; one that waits for a permit is reset. The socket is closed
     * only when the thread that accepts connections has ended, so this method waits for that thread.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        acceptor.interrupt();
        try {
            if (!acceptor.join(PATIENCE)) {
                LOG.warn("localhost node port {} is still closing after {} s", name, PATIENCE.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Resets all connections, as happens when the process ends. */
    void reset() {
        open.forEach(TcpPort::reset);
    }

    /** Returns whether no connection is open. */
    boolean isIdle() {
        return open.isEmpty();
    }

    private void accept() {
        try {
            while (!closed) {
                Socket client = server.accept();
                try {
                    connections.acquire();
                } catch (InterruptedException e) {
                    reset(client);
                    throw e;
                }
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            if (!closed) {
                LOG.warn(
                        "localhost node port {} stopped listening: {}; retrying after the next sync",
                        name,
                        e.getMessage());
                Sockets.close(server);
                stopped.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket client) {
        Socket endpoint = new Socket();
        open.add(client);
        open.add(endpoint);
        try {
            client.setTcpNoDelay(true);
            client.setKeepAlive(true);
            endpoint.setTcpNoDelay(true);
            endpoint.setKeepAlive(true);
            endpoint.connect(LocalhostPort.socketAddress(choice.choose(client.getInetAddress())), CONNECT_MILLIS);
            Thread back = Thread.ofVirtual().start(() -> pass(endpoint, client));
            pass(client, endpoint);
            back.join();
        } catch (IOException e) {
            LOG.debug("localhost node port {}: connection reset", name, e);
            reset(client);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            Sockets.close(client);
            Sockets.close(endpoint);
            open.remove(client);
            open.remove(endpoint);
            connections.release();
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("localhost node port {}: connection reset", name, e);
            reset(from);
            reset(to);
        }
    }

    /** Closes a socket with a reset instead of an orderly end. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException _) {
            // the socket is already closed
        }
        Sockets.close(socket);
    }
}
