package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.Impersonation;
import io.fairlead.cluster.access.Login;
import io.fairlead.cluster.access.PemSource;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@Tag("server")
class ConnectionTest {
    private static final TestAuthority AUTHORITY = TestAuthority.make("cluster");

    @TempDir
    private Path folder;

    private final TlsServer server =
            new TlsServer(AUTHORITY.server("127.0.0.1", "kubernetes.default").server(AUTHORITY), false);
    private final Accesses plain = Accesses.to(server.port()).trusting(AUTHORITY);

    @AfterEach
    void close() {
        server.close();
    }

    private static void send(Access access) throws IOException {
        try (Requests requests = Requests.by(access, InstantSource.system())) {
            assertThat(requests.send()).isEqualTo(200);
        }
    }

    static Stream<KeyForm> forms() {
        return KeyForm.all(AUTHORITY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void sendsCertificatesWithEveryKindOfKey(KeyForm form) throws IOException {
        try (TlsServer strict = new TlsServer(AUTHORITY.server("127.0.0.1").server(AUTHORITY), true)) {
            send(Accesses.to(strict.port())
                    .trusting(AUTHORITY)
                    .showing(form.issued().certificatePem(), form.key())
                    .build());
            assertThat(strict.last().serialNumber()).isEqualTo(0x1234);
        }
    }

    @Test
    void sendsACertificateOfAnAuthorityThatTheServerDoesNotList() {
        Issued foreign = TestAuthority.make("elsewhere").client(KeyKind.P256, "client", 5);
        Access access = plain.showing(foreign.certificatePem(), foreign.pkcs8()).build();
        // The server refuses the certificate. The JDK's key manager would send no certificate, and the request would
        // succeed.
        assertThatThrownBy(() -> send(access)).isInstanceOf(IOException.class);
    }

    @Test
    void trustsOnlyTheGivenAuthorities() {
        assertThatThrownBy(() -> send(Accesses.to(server.port())
                        .trusting(TestAuthority.make("other"))
                        .build()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unable to find valid certification path");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void skipsUnreadableAuthorities() throws IOException {
        String bundle = Issued.pem("CERTIFICATE", new byte[] {1, 2, 3}) + "# a note\n" + AUTHORITY.pem();
        send(plain.trusting(new Trust.Authorities(new PemSource.InText("bundle", bundle)))
                .build());
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void trustsTheSystemsAuthoritiesIfNoneAreGiven() throws IOException {
        Path system = Files.writeString(folder.resolve("system.pem"), AUTHORITY.pem());
        Access access = Accesses.to(server.port()).build();
        Connection connection =
                new Connection(access, Map.of("SSL_CERT_FILE", system.toString()), InstantSource.system());
        try (Requests requests = Requests.by(access, connection)) {
            assertThat(requests.send()).isEqualTo(200);
        }
        assertThatThrownBy(() -> send(access)).isInstanceOf(SSLException.class);
    }

    @Test
    void checksNoCertificateIfConfiguredSo() throws IOException {
        try (TlsServer stranger = new TlsServer(
                TestAuthority.make("unknown").server("other.example").server(AUTHORITY), false)) {
            send(Accesses.to(stranger.port()).trusting(new Trust.Unchecked()).build());
            assertThat(stranger.seen()).hasSize(1);
        }
    }

    @Test
    void comparesTheCertificateWithTlsServerName() throws IOException {
        send(plain.named("kubernetes.default").build());
        assertThat(server.last().serverNames()).containsExactly("kubernetes.default");
        for (String name : List.of("other.example", "10.0.0.1")) {
            assertThatThrownBy(() -> send(plain.named(name).build())).isInstanceOf(SSLException.class);
        }
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void comparesTheCertificateWithTheAddressWithoutTlsServerName() {
        Accesses local = Accesses.to("https://localhost:" + server.port()).trusting(AUTHORITY);
        assertThatThrownBy(() -> send(local.build())).isInstanceOf(SSLException.class);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void sendsTokenOrPassword() throws IOException {
        send(plain.build());
        assertThat(server.last().header("Authorization")).isEqualTo("null");
        send(plain.by(new Login.Token("secret\n")).build());
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer secret");
        send(plain.by(new Login.Password("me", "päss")).build());
        assertThat(server.last().header("Authorization")).isEqualTo("Basic bWU6cMOkc3M=");
    }

    @Test
    void refusesATokenThatAHeaderCannotContain() {
        assertThatThrownBy(() ->
                        send(plain.by(new Login.Token("one\nX-Other: two")).build()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("the token has blanks")
                .hasMessageNotContaining("one");
    }

    @Test
    void sendsImpersonationHeaders() throws IOException {
        send(plain.as(new Impersonation(
                        "jané", "42", List.of("a", "b"), Map.of("example.com/scope%", List.of("x", "y"))))
                .build());
        var headers = server.last().headers();
        assertThat(new String(
                        headers.getFirst("Impersonate-User").getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8))
                .isEqualTo("jané");
        assertThat(headers.get("Impersonate-Uid")).containsExactly("42");
        assertThat(headers.get("Impersonate-Group")).containsExactly("a", "b");
        assertThat(headers.get("Impersonate-Extra-example.com%2Fscope%25")).containsExactly("x", "y");
    }

    @Test
    void triesTheNextAddressIfOneRefuses() throws IOException {
        Access access = Accesses.to("https://kubernetes.default:" + server.port())
                .trusting(AUTHORITY)
                .build();
        try (Requests requests = Requests.by(
                access, _ -> List.of(InetAddress.ofLiteral("127.0.0.77"), InetAddress.ofLiteral("127.0.0.1")))) {
            assertThat(requests.send()).isEqualTo(200);
        }
    }

    @Test
    void triesTheNextAddressIfOneNeverAnswers() throws IOException {
        try (ServerSocket mute = new ServerSocket(server.port(), 50, InetAddress.ofLiteral("127.0.0.78"));
                Requests requests = Requests.by(
                        Accesses.to("https://kubernetes.default:" + server.port())
                                .trusting(AUTHORITY)
                                .build(),
                        _ -> List.of(mute.getInetAddress(), InetAddress.ofLiteral("127.0.0.1")))) {
            assertThat(requests.send()).isEqualTo(200);
        }
    }

    @Test
    void requestsNoCompression() throws IOException {
        send(plain.build());
        assertThat(server.last().header("Accept-Encoding")).isEqualTo("identity");
        assertThat(server.last().header("User-Agent")).isEqualTo("fairlead");
    }

    @Test
    void reportsWhichFileCannotBeUsed() {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> send(plain.showing(none, none).build()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("client-certificate " + none);
        assertThatThrownBy(() ->
                        send(plain.trusting(new Trust.Authorities(new PemSource.InFile("certificate-authority", none)))
                                .build()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("certificate-authority " + none);
        assertThatThrownBy(() -> send(plain.trusting(new Trust.Authorities(new PemSource.InText("authority", "none")))
                        .build()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("authority has no PEM block CERTIFICATE");
        assertThatThrownBy(() -> send(plain.by(new Login.TokenFile(none, "")).build()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("token file " + none);
    }

    /**
     * In a ClientHello message of TLS 1.3 (RFC 8446), byte 43 is the length of the session id. The list of ciphers
     * follows the session id, after 2 bytes with the length of the list.
     */
    @Test
    void offersChaChaBeforeOtherCiphers() throws IOException {
        byte[] hello;
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Requests requests = Requests.by(
                        Accesses.to(mute.getLocalPort()).trusting(AUTHORITY).build(), InstantSource.system())) {
            FutureTask<byte[]> first = new FutureTask<>(() -> {
                try (Socket socket = mute.accept()) {
                    return socket.getInputStream().readNBytes(200);
                }
            });
            Thread.ofVirtual().start(first);
            assertThatThrownBy(requests::send).isInstanceOf(IOException.class);
            hello = first.resultNow();
        }
        int ciphers = 44 + hello[43] + 2;
        assertThat(hello[ciphers] << 8 | hello[ciphers + 1])
                .as("TLS_CHACHA20_POLY1305_SHA256")
                .isEqualTo(0x1303);
    }
}
