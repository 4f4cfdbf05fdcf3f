package io.fairlead.cluster.connection;

import io.fairlead.cluster.access.Access;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Configures the route of connections to the server: direct, or through an HTTP, HTTPS or SOCKS 5 proxy. */
final class Route {
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    /** The user name and password for a proxy. */
    private record Account(String name, String password) {
        private static @Nullable Account of(URI proxy) {
            String text = proxy.getRawUserInfo();
            if (text == null) {
                return null;
            }
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Account(decoded(text), "")
                    : new Account(decoded(text.substring(0, colon)), decoded(text.substring(colon + 1)));
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }

    private Route() {}

    /**
     * Sets the proxy and the socket factory of a client.
     *
     * @param throughTls creates TLS sockets for a proxy whose URL has the scheme https
     */
    static void configure(OkHttpClient.Builder builder, Access access, KeptAliveSockets.Maker throughTls) {
        builder.proxy(Proxy.NO_PROXY).socketFactory(new KeptAliveSockets(Socket::new));
        access.proxy().ifPresent(proxy -> {
            Account account = Account.of(proxy);
            switch (proxy.getScheme()) {
                case "socks5" -> {
                    builder.proxy(new Proxy(Proxy.Type.SOCKS, address(proxy, 1080)));
                    if (account != null) {
                        Authenticator.setDefault(new SocksLogin(proxy.getHost(), account));
                    }
                }
                case "https" -> {
                    builder.proxy(new Proxy(Proxy.Type.HTTP, address(proxy, 443)))
                            .socketFactory(new KeptAliveSockets(throughTls));
                    authorize(builder, account);
                }
                default -> {
                    builder.proxy(new Proxy(Proxy.Type.HTTP, address(proxy, 80)));
                    authorize(builder, account);
                }
            }
        });
    }

    private static InetSocketAddress address(URI proxy, int standardPort) {
        String host = proxy.getHost().replaceAll("[\\[\\]]", "");
        return InetSocketAddress.createUnresolved(host, proxy.getPort() < 0 ? standardPort : proxy.getPort());
    }

    private static void authorize(OkHttpClient.Builder builder, @Nullable Account account) {
        if (account != null) {
            String basic = Credentials.basic(account.name(), account.password(), StandardCharsets.UTF_8);
            builder.proxyAuthenticator((_, response) -> response.request().header(PROXY_AUTHORIZATION) != null
                    ? null // the proxy refused the password
                    : response.request()
                            .newBuilder()
                            .header(PROXY_AUTHORIZATION, basic)
                            .build());
        }
    }

    /**
     * The source of the user name and password for a SOCKS proxy. JDK 25 requests them only from the process-wide
     * {@link Authenticator}.
     */
    private static final class SocksLogin extends Authenticator {
        private final String host;
        private final Account account;

        SocksLogin(String host, Account account) {
            this.host = host;
            this.account = account;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestingProtocol().equals("SOCKS5") && host.equals(getRequestingHost())
                    ? new PasswordAuthentication(
                            account.name(), account.password().toCharArray())
                    : null;
        }
    }
}
