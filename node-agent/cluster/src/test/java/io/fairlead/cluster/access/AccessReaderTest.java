package io.fairlead.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.access.Access.ClientCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessReaderTest {
    private static final String FRAME = """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", %s}}]
            contexts: [{name: x, context: {cluster: c, user: u, namespace: kube-system}}]
            current-context: x
            users: [{name: u, user: {%s}}]
            """;

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Access read(String text) throws IOException {
        return read(text, "");
    }

    private Access read(String text, String master) throws IOException {
        return new AccessReader(Map.of(), folder)
                .read(KubeconfigFiles.of(write("config", text).toString()), master);
    }

    private Access cluster(String fields) throws IOException {
        return read(FRAME.formatted(fields, ""));
    }

    private Access user(String fields) throws IOException {
        return read(FRAME.formatted("", fields));
    }

    /** Returns the start of each message about this line of the kubeconfig. */
    private String line(int number) {
        return folder.resolve("config") + " line " + number + ": ";
    }

    @Test
    void readsAddressAndTrust() throws IOException {
        Access plain = cluster("");
        assertThat(plain.server()).isEqualTo(URI.create("https://10.0.0.1:6443"));
        assertThat(plain.trust()).isEqualTo(new Trust.OfSystem());
        assertThat(plain.login()).isEqualTo(new Login.None());
        assertThat(plain.warnings()).isEmpty();
        assertThat(cluster("certificate-authority: pki/ca.crt").trust())
                .isEqualTo(new Trust.Authorities(new PemSource.InFile(
                        line(3) + "clusters[c].cluster.certificate-authority", folder.resolve("pki/ca.crt"))));
        assertThat(cluster("certificate-authority-data: aGVsbG8=").trust())
                .isEqualTo(new Trust.Authorities(
                        new PemSource.InText(line(3) + "clusters[c].cluster.certificate-authority-data", "hello")));
        assertThat(cluster("insecure-skip-tls-verify: yes").trust()).isEqualTo(new Trust.Unchecked());
        assertThat(cluster("tls-server-name: kubernetes").serverName()).isEqualTo("kubernetes");
        assertThat(cluster("proxy-url: 'socks5://10.0.0.9'").proxy()).contains(URI.create("socks5://10.0.0.9"));
        assertThat(cluster("disable-compression: true").warnings()).isEmpty();
    }

    @Test
    void readsClientCertificates() throws IOException {
        assertThat(user("client-certificate: /a.pem, client-key: b.pem").certificate())
                .contains(new ClientCertificate(
                        new PemSource.InFile(line(6) + "users[u].user.client-certificate", Path.of("/a.pem")),
                        new PemSource.InFile(line(6) + "users[u].user.client-key", folder.resolve("b.pem"))));
        assertThat(user("client-certificate-data: YQ==, client-key-data: \"Y\\ng==\"")
                        .certificate())
                .contains(new ClientCertificate(
                        new PemSource.InText(line(6) + "users[u].user.client-certificate-data", "a"),
                        new PemSource.InText(line(6) + "users[u].user.client-key-data", "b")));
    }

    @Test
    void readsTokensAndPasswords() throws IOException {
        assertThat(user("token: t").login()).isEqualTo(new Login.Token("t"));
        assertThat(user("tokenFile: run/token").login())
                .isEqualTo(new Login.TokenFile(folder.resolve("run/token"), ""));
        assertThat(user("tokenFile: /run/token, token: t").login())
                .isEqualTo(new Login.TokenFile(Path.of("/run/token"), "t"));
        assertThat(user("username: me, password: p").login()).isEqualTo(new Login.Password("me", "p"));
        assertThat(user("token: ~, username: null, password: ''").login()).isEqualTo(new Login.None());
    }

    @Test
    void readsImpersonation() throws IOException {
        assertThat(user("as: jane, as-uid: '42', as-groups: [a, b], as-user-extra: {scope: [x]}")
                        .impersonation())
                .contains(new Impersonation("jane", "42", List.of("a", "b"), Map.of("scope", List.of("x"))));
        assertThat(user("").impersonation()).isEmpty();
    }

    @Test
    void readsLoginPrograms() throws IOException {
        Access access = read(FRAME.formatted(
                "tls-server-name: k8s, certificate-authority-data: Y2E=, extensions: [{name:"
                        + " client.authentication.k8s.io/exec, extension: {audience: a, deep: [1, true]}}]",
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [get, token],"
                        + " env: [{name: A, value: b}], interactiveMode: Never, provideClusterInfo: true,"
                        + " installHint: ask us}"));
        assertThat(access.login())
                .isEqualTo(new Login.Plugin(
                        line(6) + "users[u].user.exec.command",
                        List.of(folder.resolve("bin/login").toString(), "get", "token"),
                        Map.of(
                                "A",
                                "b",
                                "KUBERNETES_EXEC_INFO",
                                "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"spec\":"
                                        + "{\"cluster\":{\"server\":\"https://10.0.0.1:6443\",\"tls-server-name\":\"k8s\","
                                        + "\"certificate-authority-data\":\"Y2E=\",\"config\":{\"audience\":\"a\","
                                        + "\"deep\":[1,true]}},\"interactive\":false}}"),
                        "client.authentication.k8s.io/v1",
                        "ask us"));
        Login old = user("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: login}")
                .login();
        assertThat(old).isInstanceOfSatisfying(Login.Plugin.class, plugin -> {
            assertThat(plugin.words()).containsExactly("login");
            assertThat(plugin.environment().get("KUBERNETES_EXEC_INFO")).endsWith("\"spec\":{\"interactive\":false}}");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server: ftp://x                                     | server is not an address: "ftp://x"
            proxy-url: '10.0.0.1:3128'                          | proxy-url is not the address of a proxy; allowed are URLs with http, https or socks5
            certificate-authority: a, certificate-authority-data: YQ== | certificate-authority and certificate-authority-data are both given
            certificate-authority: a, insecure-skip-tls-verify: true   | insecure-skip-tls-verify is given together with a certificate authority
            insecure-skip-tls-verify: 'maybe'                   | insecure-skip-tls-verify must be true or false
            certificate-authority-data: '???'                   | certificate-authority-data is not base64
            tls-server-name: [a]                                | tls-server-name must be a string
            extensions: {}                                      | extensions must be a list
            """)
    void refusesClusters(String fields, String message) {
        assertThatThrownBy(() -> cluster(fields))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("clusters[c].cluster." + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token: t, username: me                              | token is given together with username or password
            tokenFile: t, username: me                          | tokenFile is given together with username
            client-certificate: a                               | client-certificate /
            client-certificate: a, client-certificate-data: YQ== | client-certificate and client-certificate-data are both given
            client-certificate: a, client-key: a, client-key-data: YQ== | client-key and client-key-data are both given
            as-groups: [a]                                      | as-groups is given without as
            as-uid: a                                           | as-uid is given without as
            as-user-extra: {a: [b]}                             | as-user-extra is given without as
            'as: "jane\\nX-Other: a"'                            | as, as-uid, as-groups or as-user-extra has a line end
            auth-provider: {name: oidc}                         | auth-provider oidc is not supported
            exec: {}                                            | exec.command is missing
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1} | exec.apiVersion is "client.authentication.k8s.io/v1alpha1"
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1}       | exec.interactiveMode is missing
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always} | exec.interactiveMode is Always
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: never}  | exec.interactiveMode is "never"
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, env: [{value: b}]} | exec.env[0].name is missing
            exec: login                                         | exec must be a mapping of fields
            """)
    void refusesUsers(String fields, String message) {
        assertThatThrownBy(() -> user(fields))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining(line(6) + "users[u].user." + message.strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            colour: green                                       | colour is unknown; ignoring it
            Token: t                                            | Token is unknown; ignoring it
            client-key: a                                       | client-key is ignored, because there is no client-certificate
            password: p                                         | password is ignored, because there is no username
            token: t, exec: {command: a}                        | exec is ignored, because the user's own token, password or certificate takes precedence
            exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, shell: sh} | exec.shell is unknown; ignoring it
            """)
    void warnsOfIgnoredFieldsOfAUser(String fields, String warning) throws IOException {
        assertThat(user(fields).warnings())
                .containsExactly(line(6) + "users[u].user." + warning.strip().formatted(folder));
    }

    @Test
    void warnsOfADuplicateField() throws IOException {
        Access access = user("as: jane, as: jim");
        assertThat(access.impersonation().orElseThrow().user()).isEqualTo("jim");
        assertThat(access.warnings())
                .containsExactly(line(6) + "users[0].user.as is a duplicate; using the last value");
    }

    @Test
    void warnsOfOtherIgnoredFields() throws IOException {
        Access access = read("""
                kind: Config
                colour: green
                preferences: {colors: true}
                extensions: []
                clusters:
                - name: c
                  cluster: {server: 'https://10.0.0.1', extensions: [], color: 1}
                - name: other
                  cluster: {server: 7, color: 2}
                contexts: [{name: x, context: {cluster: c, user: u, namespace: n, extensions: [], colour: 3}, a: b}]
                current-context: x
                users: [{name: u, user: {extensions: []}}]
                ---
                kind: Config
                """);
        assertThat(access.warnings())
                .containsExactly(
                        folder.resolve("config") + " has several documents; reading only the first",
                        line(10) + "contexts[0].a is unknown; ignoring it",
                        line(2) + "colour is unknown; ignoring it",
                        line(7) + "clusters[c].cluster.color is unknown; ignoring it",
                        line(10) + "contexts[x].context.colour is unknown; ignoring it");
    }

    @Test
    void sendsNoCredentialsToAnAddressWithoutTls() throws IOException {
        Access access = read(
                FRAME.formatted(
                        "certificate-authority: ca", "token: t, as: jane, client-certificate: a, client-key: a"),
                "http://10.0.0.2:8080");
        assertThat(access.login()).isEqualTo(new Login.None());
        assertThat(access.certificate()).isEmpty();
        assertThat(access.impersonation()).isPresent();
        assertThat(access.warnings())
                .containsExactly(
                        line(3)
                                + "clusters[c].cluster.certificate-authority is ignored, because the server's address is http",
                        line(6)
                                + "users[u].user.token is not sent, because the server's address is http and any listener could read it",
                        line(6)
                                + "users[u].user.client-certificate is not sent, because the server's address is http and any"
                                + " listener could read it");
    }

    @Test
    void masterReplacesAddressAndServerName() throws IOException {
        Access access = read(FRAME.formatted("tls-server-name: a", ""), "https://10.0.0.2/path");
        assertThat(access.server()).isEqualTo(URI.create("https://10.0.0.2/path"));
        assertThat(access.serverName()).isEmpty();
        assertThat(access.warnings())
                .containsExactly(line(3) + "clusters[c].cluster.tls-server-name is ignored, because --master is given");
    }

    @Test
    void anAddressWithoutSchemeIsHttp() {
        AccessReader reader = new AccessReader(Map.of(), folder);
        assertThat(reader.read(KubeconfigFiles.NONE, "localhost:8080").server())
                .isEqualTo(URI.create("http://localhost:8080"));
        assertThat(reader.read(KubeconfigFiles.NONE, "[fd00::1]:8080").server())
                .isEqualTo(URI.create("http://[fd00::1]:8080"));
        assertThatThrownBy(() -> reader.read(KubeconfigFiles.NONE, "host/path"))
                .hasMessageStartingWith("--master is not an address: \"host/path\"");
    }

    @Test
    void reportsWhichEntryIsMissing() {
        String start = "clusters: [{name: c, cluster: {server: 'https://a'}}]\n";
        assertThatThrownBy(() -> read(start)).hasMessageEndingWith("has no current-context");
        assertThatThrownBy(() -> read(start + "current-context: x"))
                .hasMessageEndingWith("has no context x, which its current-context names");
        assertThatThrownBy(() -> read(start + "current-context: x\ncontexts: [{name: x, context: {cluster: d}}]"))
                .hasMessage(line(3) + "contexts[x].context.cluster names the cluster \"d\", which does not exist");
        assertThatThrownBy(() -> read("")).hasMessageEndingWith("config is empty");
        assertThatThrownBy(() -> read("- a")).hasMessageEndingWith("config is not a mapping of fields");
        assertThatThrownBy(() -> read("a: [")).hasMessageContaining("config is not YAML");
        assertThatThrownBy(() -> read("kind: Pod\napiVersion: v2"))
                .hasMessage(line(1) + "kind is Pod; a kubeconfig must have Config; " + line(2)
                        + "apiVersion is v2; a kubeconfig must have v1");
        assertThatThrownBy(() -> read(start.replace("[{", "[{name: c, cluster: {}}, {")))
                .hasMessageContaining("clusters[1].name c is a duplicate");
    }

    @Test
    void sendsNoCredentialsIfTheUserDoesNotExist() throws IOException {
        Access access = read(FRAME.formatted("", "token: t").replace("user: u,", "user: v,"));
        assertThat(access.login()).isEqualTo(new Login.None());
        assertThat(access.warnings())
                .containsExactly(
                        line(4)
                                + "contexts[x].context.user names the user \"v\", which does not exist; sending requests without credentials");
    }

    @Test
    void clusterMayBeMissingIfMasterIsGiven() throws IOException {
        String text =
                "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: t}}]";
        Access access = read(text, "https://10.0.0.1");
        assertThat(access.login()).isEqualTo(new Login.Token("t"));
        assertThat(access.warnings())
                .containsExactly(line(2) + "contexts[x].context.cluster names the cluster \"c\", which does not exist;"
                        + " using the address of --master alone");
        assertThat(read("", "https://10.0.0.1").warnings())
                .singleElement()
                .asString()
                .endsWith("config is empty; using the address of --master alone");
    }

    @Test
    void usesOnlyMasterWithoutAContext() throws IOException {
        Access access = read("clusters: []", "https://10.0.0.1");
        assertThat(access.server()).isEqualTo(URI.create("https://10.0.0.1"));
        assertThat(access.warnings()).singleElement().asString().contains("ignoring its clusters and users");
    }

    @Test
    void mergesSeveralFilesAsKubectlDoes() throws IOException {
        Files.createDirectories(folder.resolve("deep"));
        Path one = write("one", """
                clusters: [{name: c, cluster: {server: 'https://first'}}]
                users: [{name: other, user: {token: a}}]
                """);
        Path two = write("deep/two", """
                current-context: x
                clusters: [{name: c, cluster: {server: 'https://second', insecure-skip-tls-verify: true}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                users: [{name: u, user: {tokenFile: token}}]
                """);
        Path three = write("three", """
                current-context: y
                users: [{name: u, user: {token: c}}]
                """);
        Access access = new AccessReader(Map.of(), folder)
                .read(
                        KubeconfigFiles.list(one + ":" + folder.resolve("none") + "::" + two + ":" + three + ":" + one),
                        "");
        assertThat(access.server()).isEqualTo(URI.create("https://first"));
        assertThat(access.trust()).isEqualTo(new Trust.OfSystem());
        assertThat(access.login()).isEqualTo(new Login.TokenFile(folder.resolve("deep/token"), ""));
        assertThat(access.warnings())
                .containsExactly("the kubeconfig " + folder.resolve("none") + " does not exist; skipping it");
    }

    @Test
    void aNamedFileMustExistAndIsNotAList() {
        String path = folder.resolve("a") + ":" + folder.resolve("b");
        assertThatThrownBy(() -> new AccessReader(Map.of(), folder).read(KubeconfigFiles.of(path), ""))
                .hasMessage("the kubeconfig " + path + " does not exist");
    }

    @Test
    void usesThePodsAccount() throws IOException {
        Path account = Files.createDirectories(folder.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        AccessReader reader = new AccessReader(
                Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"), folder);
        Access before = reader.read(KubeconfigFiles.NONE, "");
        assertThat(before.trust()).isEqualTo(new Trust.OfSystem());
        assertThat(before.warnings()).singleElement().asString().contains("cannot read " + account.resolve("ca.crt"));

        Files.writeString(account.resolve("ca.crt"), "x");
        Access access = reader.read(KubeconfigFiles.list(folder.resolve("none").toString()), "");
        assertThat(access.server()).isEqualTo(URI.create("https://[fd00::1]:443"));
        assertThat(access.trust())
                .isEqualTo(new Trust.Authorities(
                        new PemSource.InFile("the pod's service account", account.resolve("ca.crt"))));
        assertThat(access.login()).isEqualTo(new Login.TokenFile(account.resolve("token"), ""));
        assertThat(access.certificate()).isEqualTo(Optional.empty());
    }

    @Test
    void readsMergedMappings() throws IOException {
        Access access = read("""
                .base: &base {tls-server-name: a, server: 'https://b'}
                clusters: [{name: c, cluster: {<<: *base, server: 'https://c'}}]
                contexts: [{name: x, context: {cluster: c}}]
                current-context: x
                """);
        assertThat(access.server()).isEqualTo(URI.create("https://c"));
        assertThat(access.serverName()).isEqualTo("a");
    }
}
