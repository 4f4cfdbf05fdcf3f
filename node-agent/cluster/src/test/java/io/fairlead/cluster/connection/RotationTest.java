package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.access.Login;
import io.fairlead.cluster.access.PemSource;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that files with certificates, keys, authorities and tokens may be replaced while the connection is in use. */
@Timeout(60)
@Tag("server")
class RotationTest {
    private static final TestAuthority AUTHORITY = TestAuthority.make("cluster");
    private static final Issued OLD = AUTHORITY.client(KeyKind.P256, "client", 1);
    private static final Issued NEW = AUTHORITY.client(KeyKind.RSA, "client", 2);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final TlsServer server = new TlsServer(AUTHORITY.server("127.0.0.1").server(AUTHORITY), false);
    private Path certificate;
    private Path key;
    private Path authorities;
    private Requests requests;

    @BeforeEach
    void connect() throws IOException {
        certificate = Files.writeString(folder.resolve("client.crt"), OLD.certificatePem());
        key = Files.writeString(folder.resolve("client.key"), OLD.pkcs8());
        authorities = Files.writeString(folder.resolve("ca.crt"), AUTHORITY.pem());
        requests = Requests.by(
                Accesses.to(server.port())
                        .trusting(new Trust.Authorities(new PemSource.InFile("certificate-authority", authorities)))
                        .showing(certificate, key)
                        .build(),
                clock);
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).isEqualTo(1);
    }

    @AfterEach
    void close() {
        requests.close();
        server.close();
    }

    /** Replaces a file as the kubelet and certificate managers do: they move a new file over the old one. */
    private void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void replaceCertificate(Issued issued) throws IOException {
        replace(certificate, issued.certificatePem());
        replace(key, issued.traditional());
    }

    @Test
    void usesANewCertificateWithinAMinuteAlthoughTheConnectionIsOpen() throws IOException {
        replaceCertificate(NEW);
        requests.connection().poll();
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).as("before a poll is due").isEqualTo(1);

        clock.advance(MINUTE);
        requests.connection().poll();
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).isEqualTo(2);
    }

    @Test
    void usesANewCertificateAtOnceAfterA401() throws IOException {
        server.accept(request -> request.serialNumber() == 2);
        assertThat(requests.send()).isEqualTo(401);
        replaceCertificate(NEW);
        assertThat(requests.send()).isEqualTo(200);
    }

    @Test
    void sendsTheNewestCertificateOnANewConnection() throws IOException {
        replaceCertificate(NEW);
        clock.advance(Duration.ofSeconds(2));
        try (TlsServer other = new TlsServer(AUTHORITY.server("127.0.0.1").server(AUTHORITY), true)) {
            Requests second = Requests.by(
                    Accesses.to(other.port())
                            .trusting(AUTHORITY)
                            .showing(certificate, key)
                            .build(),
                    clock);
            replaceCertificate(OLD);
            clock.advance(Duration.ofSeconds(2));
            assertThat(second.send()).isEqualTo(200);
            assertThat(other.last().serialNumber()).isEqualTo(1);
            second.close();
        }
    }

    @Test
    void usesTheOldPairUntilTheKeyIsReplacedToo() throws IOException {
        replace(certificate, NEW.certificatePem());
        clock.advance(MINUTE);
        requests.connection().poll();
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).isEqualTo(1);

        replace(key, NEW.pkcs8());
        clock.advance(MINUTE);
        requests.connection().poll();
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).isEqualTo(2);
    }

    @Test
    void keepsWhatWasReadWhenFilesAreDeleted() throws IOException {
        Files.delete(certificate);
        Files.delete(authorities);
        clock.advance(MINUTE);
        requests.connection().poll();
        assertThat(requests.send()).isEqualTo(200);
        assertThat(server.last().serialNumber()).isEqualTo(1);
    }

    @Test
    void usesNewAuthorities() throws IOException {
        TestAuthority next = TestAuthority.make("next");
        replace(authorities, next.pem());
        clock.advance(MINUTE);
        requests.connection().poll();
        assertThatThrownBy(requests::send).hasMessageContaining("certification path");

        replace(authorities, next.pem() + AUTHORITY.pem());
        clock.advance(Duration.ofSeconds(2));
        assertThat(requests.send()).isEqualTo(200);
    }

    @Test
    void trustsNoServerWithAnEmptyFileOfAuthorities() throws IOException {
        replace(authorities, "");
        clock.advance(MINUTE);
        requests.connection().poll();
        try (TlsServer stranger =
                new TlsServer(TestAuthority.make("unknown").server("127.0.0.1").server(AUTHORITY), false)) {
            Requests other = Requests.by(
                    Accesses.to(stranger.port())
                            .trusting(new Trust.Authorities(new PemSource.InText("authority", AUTHORITY.pem())))
                            .build(),
                    clock);
            assertThatThrownBy(other::send).hasMessageContaining("certification path");
            other.close();
        }
        assertThat(requests.send()).isEqualTo(200);
    }

    @Test
    void readsATokenFileForEachRequest() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        try (Requests byToken = Requests.by(
                Accesses.to(server.port())
                        .trusting(AUTHORITY)
                        .by(new Login.TokenFile(token, ""))
                        .build(),
                clock)) {
            byToken.send();
            assertThat(server.last().header("Authorization")).isEqualTo("Bearer first");
            replace(token, "second");
            byToken.send();
            assertThat(server.last().header("Authorization")).isEqualTo("Bearer second");
        }
    }

    @Test
    void usesTheLastTokenWhileTheFileIsMissingOrEmpty() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        TokenFile file = new TokenFile(token, "fallback");
        Files.delete(token);
        assertThat(file.current().authorization()).isEqualTo("Bearer first");
        Files.writeString(token, "");
        assertThat(file.current().authorization()).isEqualTo("Bearer first");
        Files.writeString(token, "third\n");
        assertThat(file.current().authorization()).isEqualTo("Bearer third");
    }

    @Test
    void usesTheTokenOfTheEntryUntilTheFileExists() throws IOException {
        Path token = folder.resolve("token");
        TokenFile file = new TokenFile(token, "fallback");
        assertThat(file.current().authorization()).isEqualTo("Bearer fallback");
        Files.writeString(token, "first");
        assertThat(file.current().authorization()).isEqualTo("Bearer first");
    }
}
