package io.fairlead.cluster.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Forwards connections to a port. After {@link #silence()} it discards all data of the open connections, like a broken
 * network.
 */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<AtomicBoolean> connections = new CopyOnWriteArrayList<>();

    Relay(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.size();
    }

    /** Discards all further data of the open connections without closing them. New connections work. */
    void silence() {
        connections.forEach(silent -> silent.set(true));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                AtomicBoolean silent = new AtomicBoolean();
                connections.add(silent);
                Thread.ofVirtual().start(() -> copy(client, server, silent));
                Thread.ofVirtual().start(() -> copy(server, client, silent));
            }
        } catch (IOException _) {
            // The relay was closed.
        }
    }

    private static void copy(Socket from, Socket to, AtomicBoolean silent) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!silent.get()) {
                    out.write(buffer, 0, length);
                    out.flush();
                }
            }
        } catch (IOException _) {
            // One of the two sides closed the connection.
        }
        if (!silent.get()) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The socket is already closed.
        }
    }
}
