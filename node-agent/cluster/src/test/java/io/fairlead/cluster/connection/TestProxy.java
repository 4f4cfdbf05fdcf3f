package io.fairlead.cluster.connection;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * A proxy for HTTP CONNECT or SOCKS 5. It requires a user name and a password, and forwards all connections to one port
 * on this host.
 */
final class TestProxy implements AutoCloseable {
    static final String ACCOUNT = "me:p@ss";

    private final ServerSocket listener;
    private final int target;
    private final boolean socks;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private TestProxy(ServerSocket listener, int target, boolean socks) {
        this.listener = listener;
        this.target = target;
        this.socks = socks;
        Thread.ofVirtual().start(this::accept);
    }

    static TestProxy http(int target) {
        return new TestProxy(listener(Optional.empty()), target, false);
    }

    static TestProxy https(int target, SSLContext tls) {
        return new TestProxy(listener(Optional.of(tls)), target, false);
    }

    static TestProxy socks5(int target) {
        return new TestProxy(listener(Optional.empty()), target, true);
    }

    private static ServerSocket listener(Optional<SSLContext> tls) {
        InetAddress here = InetAddress.getLoopbackAddress();
        try {
            return tls.isPresent()
                    ? tls.get().getServerSocketFactory().createServerSocket(0, 50, here)
                    : new ServerSocket(0, 50, here);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns the hosts and ports to which clients requested connections. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // The proxy was closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (socks ? socks(client) : connect(client)) {
                try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                    Thread back = Thread.ofVirtual().start(() -> copy(server, client));
                    copy(client, server);
                    back.join();
                }
            }
        } catch (IOException _) {
            // The client notices the failure.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean connect(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        asked.add(head.toString().split(" ", -1)[1]);
        String basic = Base64.getEncoder().encodeToString(ACCOUNT.getBytes(StandardCharsets.UTF_8));
        boolean known = head.toString().contains("Proxy-Authorization: Basic " + basic + "\r\n");
        String answer = known
                ? "HTTP/1.1 200 yes\r\n\r\n"
                : "HTTP/1.1 407 no\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        return known;
    }

    /** Serves SOCKS 5 (RFC 1928 and RFC 1929). */
    private boolean socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, 2});
        in.readByte();
        String name = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        boolean known = (name + ":" + password).equals(ACCOUNT);
        out.write(new byte[] {1, (byte) (known ? 0 : 1)});
        if (!known) {
            return false;
        }
        in.readNBytes(3);
        String host = in.readByte() == 3
                ? new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII)
                : InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
        asked.add(host + ":" + in.readUnsignedShort());
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return true;
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            int length = in.read(buffer);
            while (length >= 0) {
                out.write(buffer, 0, length);
                out.flush();
                length = in.read(buffer);
            }
        } catch (IOException _) {
            // One of the two sides closed the connection.
        }
    }
}
