package io.fairlead.cluster.connection;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An HTTPS server that requests a client certificate and records each request. */
final class TlsServer implements AutoCloseable {

    /**
     * A request that the server received.
     *
     * @param serialNumber the serial number of the client certificate; 0 for none
     * @param serverNames the names that the handshake requested (SNI)
     */
    record Seen(Headers headers, int serialNumber, List<String> serverNames) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private final HttpsServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Predicate<Seen> accepted = _ -> true;

    TlsServer(SSLContext context, boolean certificateNeeded) {
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ofServer = context.getDefaultSSLParameters();
                if (certificateNeeded) {
                    ofServer.setNeedClientAuth(true);
                } else {
                    ofServer.setWantClientAuth(true);
                }
                parameters.setSSLParameters(ofServer);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Makes the server answer 401 to all requests that do not meet the condition. */
    void accept(Predicate<Seen> condition) {
        accepted = condition;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    Seen last() {
        return seen.getLast();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
        List<String> names = new ArrayList<>();
        session.getRequestedServerNames().forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
        Seen request = new Seen(exchange.getRequestHeaders(), serialNumber(session), names);
        seen.add(request);
        exchange.sendResponseHeaders(accepted.test(request) ? 200 : 401, -1);
        exchange.close();
    }

    private static int serialNumber(ExtendedSSLSession session) {
        try {
            BigInteger number = ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
            return number.intValueExact();
        } catch (SSLPeerUnverifiedException _) {
            return 0;
        }
    }
}
