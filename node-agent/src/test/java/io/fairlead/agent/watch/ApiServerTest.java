package io.fairlead.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApiServerTest {
    @TempDir
    private Path folder;

    private FakeApiServer fake;
    private Path token;
    private final List<String> codes = new CopyOnWriteArrayList<>();
    private final RecordingSink sink = new RecordingSink();

    @BeforeEach
    void secureServer() throws IOException, GeneralSecurityException, InterruptedException {
        TestCertificate certificate = TestCertificate.make(folder);
        fake = new FakeApiServer(certificate.server());
        fake.require("first");
        Path account = Files.createDirectories(folder.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(account.resolve("ca.crt"), certificate.pem());
        token = Files.writeString(account.resolve("token"), "first\n");
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private ApiServer connect(String kubeconfig, String master, Map<String, String> environment) {
        return ApiServer.connect(
                Samples.connection(kubeconfig),
                master,
                InstantSource.system(),
                (_, _, code, _) -> codes.add(code),
                new Credentials(environment, folder));
    }

    private Map<String, String> podEnvironment() {
        URI address = URI.create(fake.address());
        return Map.of(
                "KUBERNETES_SERVICE_HOST", address.getHost(),
                "KUBERNETES_SERVICE_PORT", Integer.toString(address.getPort()));
    }

    private Path kubeconfig(String server) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig.conf"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: default
                  cluster:
                    certificate-authority: var/run/secrets/kubernetes.io/serviceaccount/ca.crt
                    server: %s
                contexts:
                - name: default
                  context: {cluster: default, namespace: default, user: default}
                current-context: default
                users:
                - name: default
                  user: {tokenFile: var/run/secrets/kubernetes.io/serviceaccount/token}
                """.formatted(server));
    }

    @Test
    void usesThePodsAccount() {
        try (ApiServer server = connect("", "", podEnvironment());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");
            assertThat(server.address()).startsWith(fake.address());
            assertThat(watch.status().synced()).isTrue();
        }
    }

    @Test
    void usesAKubeconfigAsKubeadmWritesIt() throws IOException {
        try (ApiServer server = connect(kubeconfig(fake.address()).toString(), "", Map.of());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");
            assertThat(watch.status().synced()).isTrue();
            assertThat(codes).contains("200").doesNotContain("401");
        }
    }

    @Test
    void theMasterGoesBeforeTheKubeconfigsServer() throws IOException {
        String kubeconfig = kubeconfig("https://127.0.0.1:1").toString();
        try (ApiServer server = connect(kubeconfig, fake.address(), Map.of());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");
            assertThat(watch.status().synced()).isTrue();
        }
    }

    @Test
    void takesARenewedTokenWithoutARestart() throws IOException {
        try (ApiServer server = connect("", "", podEnvironment());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");

            Files.writeString(token, "second");
            fake.require("second");
            fake.breakConnections();
            fake.put(Samples.service("web", "10.96.0.10"));

            sink.awaitWord("put Service default/web");
            assertThat(watch.status().kinds().get(WatchedKind.SERVICES).failure())
                    .isNull();
        }
    }

    @Test
    void comesBackWhenItsTokenIsAcceptedAgain() throws IOException {
        try (ApiServer server = connect("", "", podEnvironment());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");

            fake.require("second");
            fake.breakConnections();
            fake.put(Samples.service("web", "10.96.0.10"));
            Instant end = Instant.now().plusSeconds(20);
            while (!codes.contains("401")) {
                assertThat(Instant.now()).isBefore(end);
                Thread.onSpinWait();
            }
            Files.writeString(token, "second");

            sink.awaitWord("put Service default/web");
            assertThat(watch.status().synced()).isTrue();
        }
    }

    @Test
    void keepsTheLastTokenWhileTheFileIsAway() throws IOException {
        TokenFile provider = new TokenFile(token);
        Files.delete(token);
        assertThat(provider.getToken()).isEqualTo("first");
        Files.writeString(token, "");
        assertThat(provider.getToken()).isEqualTo("first");
        Files.writeString(token, "third\n");
        assertThat(provider.getToken()).isEqualTo("third");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> connect("", "", Map.of()))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining("--kubeconfig")
                .hasMessageContaining("KUBERNETES_SERVICE_HOST");
        assertThatThrownBy(() -> connect(folder.resolve("none").toString(), "", Map.of()))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining(folder.resolve("none").toString());
        Path odd = Files.writeString(folder.resolve("odd"), "apiVersion: v1\nkind: Config\n");
        assertThatThrownBy(() -> connect(odd.toString(), "", Map.of()))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining("current-context");
        Files.delete(token);
        assertThatThrownBy(() -> connect("", "", podEnvironment()))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining("token");
    }

    @Test
    void notesWhatItAcceptsAndDoesNotUse() {
        try (ApiServer server = connect("", "http://127.0.0.1:1", Map.of())) {
            assertThat(server.notes())
                    .containsExactly(
                            "clientConnection.contentType application/vnd.kubernetes.protobuf is accepted;"
                                    + " requests and answers are application/json all the same",
                            "clientConnection.qps 5.0 and burst 10 are accepted;"
                                    + " a few lists and watches need no limit");
        }
    }

    private ClusterWatch watch(ApiServer server) {
        ClusterWatch watch = new ClusterWatch(server, WatchOptions.of("node-a"), sink, InstantSource.system());
        watch.start();
        return watch;
    }
}
