package io.fairlead.cluster.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Creates sockets with keep-alive probes. The kernel closes a socket if the other end does not answer for 22 s.
 * HTTP/1.1 has no ping, and with Linux's default values the kernel finds a dead connection only after two hours.
 */
final class KeptAliveSockets extends SocketFactory {
    private static final int IDLE_SECONDS = 10;
    private static final int INTERVAL_SECONDS = 4;
    private static final int PROBES = 3;

    /** Creates unconnected sockets. */
    interface Maker {
        Socket make() throws IOException;
    }

    private final Maker maker;

    KeptAliveSockets(Maker maker) {
        this.maker = maker;
    }

    static void keepAlive(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = maker.make();
        keepAlive(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws UnknownHostException {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("OkHttp connects its sockets itself");
    }
}
