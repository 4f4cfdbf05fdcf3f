package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.access.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@Tag("server")
class LoginProgramTest {
    private static final String VERSION = "client.authentication.k8s.io/v1";
    private static final TestAuthority AUTHORITY = TestAuthority.make("cluster");

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final TlsServer server = new TlsServer(AUTHORITY.server("127.0.0.1").server(AUTHORITY), false);

    @AfterEach
    void close() {
        server.close();
    }

    /** Returns a program that records each run and prints the content of the file "status". */
    private Login.Plugin plugin(String... words) throws IOException {
        Path program = folder.resolve("login");
        if (!Files.exists(program)) {
            Files.writeString(program, """
                    #!/bin/sh
                    cd "${0%/*}"
                    printf '%s|%s|%s\\n' "$*" "$REGION" "$KUBERNETES_EXEC_INFO" >>runs
                    cat status
                    """);
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        return new Login.Plugin(
                "users[u].user.exec.command",
                words.length > 0 ? List.of(words) : List.of(program.toString(), "get", "two words"),
                Map.of("REGION", "north", "KUBERNETES_EXEC_INFO", "{}"),
                VERSION,
                "install it so");
    }

    private void prints(Map<String, String> status) throws IOException {
        Files.writeString(
                folder.resolve("status"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of("apiVersion", VERSION, "kind", "ExecCredential", "status", status)));
    }

    private List<String> runs() throws IOException {
        return Files.readAllLines(folder.resolve("runs"));
    }

    private LoginProgram program() throws IOException {
        return new LoginProgram(plugin(), clock);
    }

    @Test
    void runsOnceWithItsArgumentsAndVariables() throws IOException {
        prints(Map.of("token", "secret"));
        LoginProgram program = program();
        assertThat(program.current().authorization()).isEqualTo("Bearer secret");
        clock.advance(Duration.ofDays(100));
        assertThat(program.current().authorization()).isEqualTo("Bearer secret");
        assertThat(runs()).containsExactly("get two words|north|{}");
    }

    @Test
    void runsAgainWhenItsOutputHasExpired() throws IOException {
        prints(Map.of("token", "first", "expirationTimestamp", "2026-01-01T01:00:00+00:00"));
        LoginProgram program = program();
        program.current();
        clock.advance(Duration.ofHours(1));
        assertThat(program.current().authorization()).isEqualTo("Bearer first");
        assertThat(runs()).hasSize(1);

        prints(Map.of("token", "second"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(program.current().authorization()).isEqualTo("Bearer second");
        assertThat(runs()).hasSize(2);
    }

    @Test
    void runsAgainAfterA401() throws IOException {
        server.accept(request -> request.header("Authorization").equals("Bearer second"));
        prints(Map.of("token", "first"));
        try (Requests requests = Requests.by(
                Accesses.to(server.port()).trusting(AUTHORITY).by(plugin()).build(), clock)) {
            assertThat(requests.send()).isEqualTo(401);
            prints(Map.of("token", "second"));
            assertThat(requests.send()).isEqualTo(200);
            assertThat(requests.send()).isEqualTo(200);
        }
        // The program runs before the first request and after each 401.
        assertThat(runs()).hasSize(3);
    }

    @Test
    void usesTheCertificateThatItPrintsAndTheNextOne() throws IOException {
        Issued first = AUTHORITY.client(KeyKind.P384, "client", 1);
        Issued second = AUTHORITY.client(KeyKind.RSA, "client", 2);
        prints(Map.of(
                "clientCertificateData", first.certificatePem(),
                "clientKeyData", first.traditional(),
                "expirationTimestamp", "2026-01-01T00:10:00Z"));
        try (Requests requests = Requests.by(
                Accesses.to(server.port()).trusting(AUTHORITY).by(plugin()).build(), clock)) {
            requests.send();
            assertThat(server.last().serialNumber()).isEqualTo(1);
            assertThat(server.last().header("Authorization")).isEqualTo("null");

            prints(Map.of(
                    "clientCertificateData", second.certificatePem(),
                    "clientKeyData", second.pkcs8(),
                    "token", "both"));
            clock.advance(Duration.ofMinutes(11));
            requests.send();
            assertThat(server.last().serialNumber()).isEqualTo(2);
            assertThat(server.last().header("Authorization")).isEqualTo("Bearer both");
        }
    }

    private void refuses(String status, String message) throws IOException {
        Files.writeString(folder.resolve("status"), status);
        LoginProgram program = program();
        assertThatThrownBy(program::current)
                .isInstanceOf(CredentialException.class)
                .hasMessageStartingWith("users[u].user.exec.command " + folder.resolve("login"))
                .hasMessageContaining(message);
    }

    @Test
    void reportsWhatIsWrongWithItsOutput() throws IOException {
        refuses("secret", "did not print JSON");
        refuses(
                "{\"apiVersion\": \"client.authentication.k8s.io/v1beta1\", \"kind\": \"ExecCredential\"}",
                "expected ExecCredential, " + VERSION);
        String start = "{\"apiVersion\": \"" + VERSION + "\", \"kind\": \"ExecCredential\"";
        refuses(start + "}", "printed neither a token nor a client certificate");
        refuses(start + ", \"status\": {\"clientKeyData\": \"x\"}}", "printed only one of");
        refuses(
                start + ", \"status\": {\"token\": \"t\", \"expirationTimestamp\": \"soon\"}}",
                "printed the expirationTimestamp \"soon\"");
    }

    @Test
    void reportsHowTheProgramFailed() throws IOException {
        LoginProgram failing = new LoginProgram(plugin("/bin/sh", "-c", "echo no session >&2; exit 3"), clock);
        assertThatThrownBy(failing::current).hasMessageEndingWith("/bin/sh ended with exit status 3: no session");
        LoginProgram missing = new LoginProgram(plugin("/none/such"), clock);
        assertThatThrownBy(missing::current)
                .hasMessageContaining("/none/such cannot be started")
                .hasMessageEndingWith("; install it so");
    }

    /** The program closes its standard output and keeps its standard error open. */
    @Test
    void theLimitIsForTheOutputAndTheEndTogether() throws IOException {
        Deque<Duration> times = new ArrayDeque<>(List.of(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(60)));
        LoginProgram slow = new LoginProgram(
                plugin("/bin/sh", "-c", "exec >&-; exec sleep 300"),
                clock,
                () -> times.remove().toNanos());

        assertThatThrownBy(slow::current).hasMessageEndingWith("/bin/sh did not end within 60 s");
        assertThat(times).isEmpty();
    }

    @Test
    void aFailureFailsTheRequestAndTheNextRequestRunsItAgain() throws IOException {
        Files.writeString(folder.resolve("status"), "");
        try (Requests requests = Requests.by(
                Accesses.to(server.port()).trusting(AUTHORITY).by(plugin()).build(), clock)) {
            assertThatThrownBy(requests::send).isInstanceOf(CredentialException.class);
            prints(Map.of("token", "secret"));
            assertThat(requests.send()).isEqualTo(200);
        }
    }
}
