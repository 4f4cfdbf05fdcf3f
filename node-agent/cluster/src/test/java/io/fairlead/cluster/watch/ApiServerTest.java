package io.fairlead.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.access.AccessReader;
import io.fairlead.cluster.access.KubeconfigFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("server")
class ApiServerTest {
    @TempDir
    private static Path store;

    private static TestCertificate certificate;

    @TempDir
    private Path folder;

    private FakeApiServer fake;
    private Path token;
    private final List<String> codes = new CopyOnWriteArrayList<>();
    private final RecordingSink sink = new RecordingSink();

    @BeforeAll
    static void oneCertificateForAll() throws IOException, GeneralSecurityException, InterruptedException {
        certificate = TestCertificate.make(store);
    }

    @BeforeEach
    void secureServer() throws IOException {
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
                KubeconfigFiles.of(kubeconfig),
                master,
                InstantSource.system(),
                (_, _, code, _) -> codes.add(code),
                new AccessReader(environment, folder));
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

    /**
     * Returns the path of a kubeconfig with one user.
     *
     * @param user the fields of the user, as a YAML mapping in braces
     */
    private String kubeconfigOf(String user) throws IOException {
        return Files.writeString(folder.resolve("user.conf"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: c
                  cluster: {certificate-authority: var/run/secrets/kubernetes.io/serviceaccount/ca.crt, server: %s}
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                users: [{name: u, user: %s}]
                """.formatted(fake.address(), user))
                .toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sendsTheCertificateOfAKubeconfig() throws IOException, GeneralSecurityException, InterruptedException {
        TestCertificate rsa = TestCertificate.make(folder, "RSA");
        try (FakeApiServer strict = new FakeApiServer(rsa.server())) {
            strict.requireCertificate();
            Files.writeString(folder.resolve("var/run/secrets/kubernetes.io/serviceaccount/ca.crt"), rsa.pem());
            Files.writeString(folder.resolve("me.crt"), rsa.pem());
            Files.writeString(folder.resolve("me.key"), rsa.keyPem());
            List<String> forms = List.of(
                    "{client-certificate: me.crt, client-key: me.key}",
                    "{client-certificate-data: %s, client-key-data: %s}"
                            .formatted(base64(rsa.pem()), base64(rsa.keyPem())));

            for (String form : forms) {
                RecordingSink sink = new RecordingSink();
                try (ApiServer server = connect(kubeconfigOf(form), strict.address(), Map.of());
                        ClusterWatch watch =
                                new ClusterWatch(server, WatchOptions.of("node-a"), sink, InstantSource.system())) {
                    watch.start();
                    sink.awaitWord("synced");
                    assertThat(watch.status().synced()).as(form).isTrue();
                }
            }
        }
    }

    @Test
    void isRefusedWithoutACertificate() throws IOException {
        fake.require("");
        fake.requireCertificate();

        try (ApiServer server = connect(kubeconfigOf("{}"), "", Map.of());
                ClusterWatch watch = watch(server)) {
            Instant end = Instant.now().plusSeconds(20);
            while (watch.status().kinds().get(WatchedKind.SERVICES).failure() == null) {
                assertThat(Instant.now()).isBefore(end);
                Thread.onSpinWait();
            }
            assertThat(watch.status().synced()).isFalse();
        }
    }

    /**
     * Tests a kubeconfig that names a program that prints a token, as the kubeconfigs of cloud providers do. The
     * program runs again when the token is refused.
     */
    @Test
    void runsTheProgramOfAKubeconfigForItsToken() throws IOException {
        Path program = Files.writeString(folder.resolve("login"), """
                #!/bin/sh
                read -r token <%s
                echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "'"$token"'"}}'
                """.formatted(token));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String kubeconfig = kubeconfigOf(
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: %s, interactiveMode: Never}}"
                        .formatted(program));
        try (ApiServer server = connect(kubeconfig, "", Map.of());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");
            assertThat(watch.status().synced()).isTrue();

            Files.writeString(token, "second\n");
            fake.require("second");
            fake.breakConnections();
            fake.put(Samples.service("web", "10.96.0.10"));

            sink.awaitWord("put Service default/web");
        }
    }

    @Test
    void masterReplacesTheServerOfTheKubeconfig() throws IOException {
        String kubeconfig = kubeconfig("https://127.0.0.1:1").toString();
        try (ApiServer server = connect(kubeconfig, fake.address(), Map.of());
                ClusterWatch watch = watch(server)) {
            sink.awaitWord("synced");
            assertThat(watch.status().synced()).isTrue();
        }
    }

    @Test
    void usesARenewedTokenWithoutARestart() throws IOException {
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
    void reconnectsWhenItsTokenIsAcceptedAgain() throws IOException {
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
    void reportsWhatIsMissing() throws IOException {
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

    private ClusterWatch watch(ApiServer server) {
        ClusterWatch watch = new ClusterWatch(server, WatchOptions.of("node-a"), sink, InstantSource.system());
        watch.start();
        return watch;
    }
}
