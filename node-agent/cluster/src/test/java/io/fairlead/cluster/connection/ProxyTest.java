package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests connections through proxies to a host name that only the proxy can resolve. */
@Timeout(60)
@Tag("server")
class ProxyTest {
    private static final TestAuthority AUTHORITY = TestAuthority.make("cluster");
    private static final String FAR = "kubernetes.default:6443";

    private final TlsServer server =
            new TlsServer(AUTHORITY.server("kubernetes.default").server(AUTHORITY), true);
    private final Issued client = AUTHORITY.client(KeyKind.P256, "client", 9);

    @AfterEach
    void close() {
        server.close();
    }

    private void send(String proxyUrl) throws IOException {
        try (Requests requests = Requests.by(
                Accesses.to("https://" + FAR)
                        .trusting(AUTHORITY)
                        .showing(client.certificatePem(), client.pkcs8())
                        .through(proxyUrl)
                        .build(),
                InstantSource.system())) {
            assertThat(requests.send()).isEqualTo(200);
            assertThat(server.last().serialNumber()).isEqualTo(9);
        }
    }

    @Test
    void connectsThroughAnHttpProxy() throws IOException {
        try (TestProxy proxy = TestProxy.http(server.port())) {
            send("http://me:p%40ss@127.0.0.1:" + proxy.port());
            assertThat(proxy.asked()).containsExactly(FAR);
        }
    }

    @Test
    void connectsThroughAProxyThatRequiresTls() throws IOException {
        try (TestProxy proxy =
                TestProxy.https(server.port(), AUTHORITY.server("127.0.0.1").server(AUTHORITY))) {
            send("https://me:p%40ss@127.0.0.1:" + proxy.port());
            assertThat(proxy.asked()).containsExactly(FAR);
        }
    }

    @Test
    void refusesAProxyWhoseCertificateHasAnotherName() throws IOException {
        try (TestProxy proxy =
                TestProxy.https(server.port(), AUTHORITY.server("other.example").server(AUTHORITY))) {
            assertThatThrownBy(() -> send("https://me:p%40ss@127.0.0.1:" + proxy.port()))
                    .isInstanceOf(IOException.class);
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void connectsThroughASocksProxy() throws IOException {
        try (TestProxy proxy = TestProxy.socks5(server.port())) {
            send("socks5://me:p%40ss@127.0.0.1:" + proxy.port());
            assertThat(proxy.asked()).containsExactly(FAR);
        }
    }

    @Test
    void failsIfTheProxyRefusesTheAccount() throws IOException {
        try (TestProxy proxy = TestProxy.http(server.port())) {
            assertThatThrownBy(() -> send("http://me:other@127.0.0.1:" + proxy.port()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> send("http://127.0.0.1:" + proxy.port())).isInstanceOf(IOException.class);
        }
        assertThat(server.seen()).isEmpty();
    }
}
