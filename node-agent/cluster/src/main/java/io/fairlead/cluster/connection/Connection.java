package io.fairlead.cluster.connection;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * Creates fabric8's HTTP client for one {@link Access}. Creating the client opens no connection, so the server need not
 * be reachable yet.
 *
 * <p>The client is OkHttp. It pings HTTP/2 connections, tries all addresses of a host name, and allows a caller to
 * replace each part of TLS. The client of JDK 25 does none of the three and needs as much memory. With HTTP/2, one
 * connection carries all watches, as with client-go. OkHttp closes a dead connection when a ping has no answer before
 * the next ping is due. This takes at most 20 s (client-go 0.37: 45 s). With HTTP/1.1, the kernel's keep-alive probes
 * find a dead connection.
 */
public final class Connection implements HttpClient.Factory {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PING = Duration.ofSeconds(10);

    private final Access access;
    private final Optional<TlsContexts> tls;
    private final RequestHeaders headers;
    private final OpenSockets sockets = new OpenSockets();
    private final OkHttpClientFactory factory = new OkHttpClientFactory() {
        @Override
        protected Dispatcher initDispatcher() {
            Dispatcher dispatcher = new Dispatcher(Executors.newCachedThreadPool(
                    Thread.ofPlatform().name("api-server-", 0).daemon().factory()));
            dispatcher.setMaxRequests(Integer.MAX_VALUE);
            dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
            return dispatcher;
        }

        @Override
        protected void additionalConfig(OkHttpClient.Builder builder) {
            configure(builder);
        }
    };
    private final Dns dns;
    private final Duration ping;

    /**
     * Creates the factory, and reads certificates, keys and tokens for the first time.
     *
     * @param environment the environment variables of this process
     * @throws IOException if a certificate, key or token cannot be used; the message names it and the reason
     */
    public Connection(Access access, Map<String, String> environment, InstantSource clock) throws IOException {
        this(access, environment, clock, Dns.SYSTEM, PING);
    }

    Connection(Access access, Map<String, String> environment, InstantSource clock, Dns dns, Duration ping)
            throws IOException {
        this.access = access;
        this.dns = dns;
        this.ping = ping;
        this.tls =
                needsTls(access) ? Optional.of(new TlsContexts(access, environment, clock, sockets)) : Optional.empty();
        this.headers = new RequestHeaders(CredentialSource.of(access.login(), clock), tls, access.impersonation());
    }

    private static boolean needsTls(Access access) {
        return access.secure()
                || access.proxy()
                        .map(proxy -> proxy.getScheme().equals("https"))
                        .orElse(false);
    }

    /**
     * Reads certificates and keys again if they were last read at least 20 s ago. The caller calls this method every
     * few seconds.
     */
    public void poll() {
        tls.ifPresent(TlsContexts::poll);
    }

    @Override
    public HttpClient.Builder newBuilder() {
        return factory.newBuilder();
    }

    /** Ignores the certificates, proxies and tokens of fabric8's Config. They come from the {@link Access} instead. */
    @Override
    public HttpClient.Builder newBuilder(Config config) {
        HttpClient.Builder builder = newBuilder();
        builder.tag(config.getRequestConfig());
        return builder;
    }

    private void configure(OkHttpClient.Builder builder) {
        builder.connectTimeout(CONNECT)
                .readTimeout(Duration.ZERO)
                .writeTimeout(CONNECT)
                .pingInterval(ping)
                .followSslRedirects(false)
                .dns(dns)
                .connectionSpecs(List.of(tlsAsTheSocketHasIt(), ConnectionSpec.CLEARTEXT))
                .addInterceptor(new ClosableBodies())
                .addInterceptor(headers);
        Route.configure(builder, access, Socket::new);
        tls.ifPresent(contexts -> {
            TlsSockets secure = new TlsSockets(access, contexts, sockets);
            builder.sslSocketFactory(secure, new Elsewhere());
            builder.hostnameVerifier(names(builder.build().hostnameVerifier()));
            Route.configure(builder, access, secure::towardsProxy);
        });
    }

    private static ConnectionSpec tlsAsTheSocketHasIt() {
        return new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
                .allEnabledCipherSuites()
                .allEnabledTlsVersions()
                .build();
    }

    /**
     * Returns OkHttp's check of the server's name, or no check if certificates are not checked. Like Go's check and
     * unlike the JDK's, OkHttp's check never uses the common name of a certificate.
     */
    private HostnameVerifier names(HostnameVerifier verifier) {
        return switch (access.trust()) {
            case Trust.Unchecked _ -> (_, _) -> true;
            case Trust.OfSystem _, Trust.Authorities _ ->
                (host, session) -> verifier.verify(access.serverName().isEmpty() ? host : access.serverName(), session);
        };
    }

    /**
     * A trust manager that OkHttp requires but never calls: OkHttp would use it only for certificate pinning, which
     * Fairlead does not use. The TLS context of the sockets checks certificates.
     */
    private static final class Elsewhere implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException(
                    "the TLS context checks certificates; this method must not be called");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException(
                    "the TLS context checks certificates; this method must not be called");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
