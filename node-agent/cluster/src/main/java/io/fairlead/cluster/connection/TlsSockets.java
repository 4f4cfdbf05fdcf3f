package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Creates TLS sockets over connected TCP sockets, for OkHttp. The name in the server's certificate must be {@code
 * tls-server-name}, if this field is set. The JDK checks the name before it sends the client's certificate.
 */
final class TlsSockets extends SSLSocketFactory {
    /**
     * The longest wait for data during the handshake, in ms. OkHttp removes this limit after the handshake. After that,
     * pings or keep-alive probes find a dead connection.
     */
    private static final int HANDSHAKE_MILLIS = 10_000;

    private final Access access;
    private final TlsContexts contexts;
    private final OpenSockets sockets;

    TlsSockets(Access access, TlsContexts contexts, OpenSockets sockets) {
        this.access = access;
        this.contexts = contexts;
        this.sockets = sockets;
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        contexts.refresh();
        // The socket is added before the context is read. Therefore a later change of the context closes this socket
        // too.
        sockets.add(connected);
        SSLContext context = contexts.current();
        String name = access.serverName().isEmpty() ? host : access.serverName();
        connected.setSoTimeout(HANDSHAKE_MILLIS);
        KeptAliveSockets.keepAlive(connected);
        return prepared(context.getSocketFactory().createSocket(connected, name, port, autoClose));
    }

    /**
     * Returns an unconnected TLS socket for a proxy whose URL has the scheme https. The socket uses the same
     * authorities and the same client certificate as a connection to the API server. Go's http.Transport, which
     * client-go uses, does the same.
     */
    Socket towardsProxy() throws IOException {
        contexts.refresh();
        return prepared(contexts.current().getSocketFactory().createSocket());
    }

    private Socket prepared(Socket socket) {
        SSLSocket tls = (SSLSocket) socket;
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setCipherSuites(Ciphers.chaChaFirst(parameters.getCipherSuites()));
        if (!(access.trust() instanceof Trust.Unchecked)) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        tls.setSSLParameters(parameters);
        return tls;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return contexts.current().getSocketFactory().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return contexts.current().getSocketFactory().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port) {
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
        return new UnsupportedOperationException("OkHttp connects a socket before TLS is put over it");
    }
}
