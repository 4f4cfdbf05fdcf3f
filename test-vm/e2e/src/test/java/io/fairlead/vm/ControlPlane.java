package io.fairlead.vm;

import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.bench.cluster.ControlPlaneSetup;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A real etcd and a real kube-apiserver on a host of a world, and a client that writes through them from this host. */
final class ControlPlane implements AutoCloseable {
    /** Token of a user with all rights. */
    static final String ADMINISTRATOR = "administrator-token";

    static final String ADDRESS = "192.168.0.50";
    /** A second address of the same host, without a listener. */
    static final String SECOND_ADDRESS = "192.168.0.51";

    private static final String SERVER = "https://" + ADDRESS + ":6443";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

    private final LabHost host;
    private final Path folder;
    private final HttpClient client;
    private NodeProcess etcd;
    private NodeProcess apiServer;

    private ControlPlane(LabHost host, Path folder) {
        this.host = host;
        this.folder = folder;
        // The client's threads are children of the host's thread. Therefore they and their sockets are in its
        // namespace.
        this.client = host.inside(ControlPlane::client);
        this.etcd = startEtcd();
        this.apiServer = startProcess();
    }

    /** Starts both programs on a host of their own and waits until they are ready. */
    static ControlPlane start(World world, Path folder) {
        ControlPlane plane = prepared(world, folder);
        plane.awaitReady();
        return plane;
    }

    private static ControlPlane prepared(World world, Path folder) {
        LabHost host = world.add("control-plane", Lab.Side.OUTSIDE, ADDRESS, SECOND_ADDRESS);
        try {
            setup(folder).prepare(ADMINISTRATOR + ",administrator,1,system:masters\n");
            // Audit policy: one line per request with user, request and status. A watch is logged when it starts.
            Files.writeString(folder.resolve("audit.yaml"), """
                    apiVersion: audit.k8s.io/v1
                    kind: Policy
                    omitStages: [RequestReceived]
                    rules: [{level: Metadata}]
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ControlPlane(host, folder);
    }

    private static ControlPlaneSetup setup(Path folder) {
        return new ControlPlaneSetup(folder, ADDRESS, "10.96.0.0/16,fd00:10:96::/112");
    }

    private NodeProcess startEtcd() {
        return NodeProcess.start(
                host.namespace(),
                folder.resolve("etcd.log"),
                setup(folder).etcd(NeedsKubernetes.Condition.program("etcd")));
    }

    private NodeProcess startProcess() {
        return NodeProcess.start(
                host.namespace(),
                folder.resolve("kube-apiserver.log"),
                setup(folder)
                        .apiServer(
                                NeedsKubernetes.Condition.program("kube-apiserver"),
                                "--etcd-compaction-interval=0",
                                "--audit-policy-file=" + folder.resolve("audit.yaml"),
                                "--audit-log-path=" + folder.resolve("audit.log")));
    }

    /** The network namespace of the host. */
    String namespace() {
        return host.namespace();
    }

    void awaitReady() {
        long until = System.nanoTime() + START.toNanos();
        while (answer("GET", "/readyz", "", "").status() != HttpURLConnection.HTTP_OK) {
            if (System.nanoTime() > until || !apiServer.isAlive()) {
                throw new AssertionError("kube-apiserver is not ready:\n" + tail(apiServer.log()));
            }
            Await.pause();
        }
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 4000));
    }

    /** Kills kube-apiserver with SIGKILL. Requests are not answered after that. */
    void killApiServer() {
        apiServer.kill();
    }

    /** Starts kube-apiserver again and waits until it is ready. */
    void restartApiServer() {
        apiServer = startProcess();
        awaitReady();
    }

    /** Kills etcd with SIGKILL. */
    void killEtcd() {
        etcd.kill();
    }

    /** Starts etcd again with the same data. */
    void restartEtcd() {
        etcd = startEtcd();
    }

    /** Deletes all versions but the last of each object from etcd, so that no watch can continue from an older one. */
    void compact() {
        long revision = host.inside(() -> revision(etcd("range", "{\"key\": \"AA==\"}")));
        host.inside(() -> etcd("compaction", "{\"revision\": " + revision + ", \"physical\": true}"));
    }

    private static long revision(String answer) {
        var matcher = REVISION.matcher(answer);
        if (!matcher.find()) {
            throw new AssertionError("etcd returned no revision: " + answer);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Calls etcd's JSON interface. */
    private String etcd(String what, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:2379/v3/kv/" + what))
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new AssertionError(what + ": " + response.body());
        }
        return response.body();
    }

    /** Creates a token like that of a pod of this service account. */
    String token(String namespace, String account) {
        Reply reply = answer(
                "POST",
                "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token",
                "application/json",
                "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenRequest\", \"spec\": {}}");
        return Serialization.unmarshal(reply.body(), TokenRequest.class)
                .getStatus()
                .getToken();
    }

    /** The requests of a user so far, with their status, in the order of the answers. */
    List<Asked> askedBy(String user) {
        try (Stream<String> lines = Files.lines(folder.resolve("audit.log"))) {
            return lines.filter(line -> line.contains("\"username\":\"" + user + "\""))
                    .map(line -> Serialization.unmarshal(line, Map.class))
                    .map(ControlPlane::asked)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A request.
     *
     * @param sentence verb and resource: "watch discovery.k8s.io/endpointslices", "list /services"
     */
    record Asked(String sentence, String uri, int status) {}

    private static Asked asked(Map<?, ?> event) {
        String uri = String.valueOf(event.get("requestURI"));
        int status =
                event.get("responseStatus") instanceof Map<?, ?> answer && answer.get("code") instanceof Number code
                        ? code.intValue()
                        : 0;
        String what = event.get("objectRef") instanceof Map<?, ?> object
                ? Objects.toString(object.get("apiGroup"), "") + "/" + object.get("resource")
                : uri;
        return new Asked(event.get("verb") + " " + what, uri, status);
    }

    /** Writes a kubeconfig for a user of this server. */
    Path kubeconfig(String token) {
        try {
            return Files.writeString(
                    folder.resolve("kubeconfig-" + Integer.toHexString(token.hashCode())),
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: real, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                    users: [{name: user, user: {token: %s}}]
                    contexts: [{name: it, context: {cluster: real, user: user}}]
                    current-context: it
                    """.formatted(SERVER, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the files that every pod of a service account has mounted: its token and the API server's CA.
     *
     * @return the folder
     */
    Path accountFolder(String namespace, String account) {
        try {
            Path mounted = Files.createDirectories(folder.resolve("account-" + account));
            Files.writeString(mounted.resolve("token"), token(namespace, account));
            Files.copy(
                    folder.resolve("certificates/apiserver.crt"),
                    mounted.resolve("ca.crt"),
                    StandardCopyOption.REPLACE_EXISTING);
            return mounted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's address as a kubeconfig has it. */
    static String address() {
        return SERVER;
    }

    /** Runs the real kubectl as the administrator. */
    ProcessResult kubectl(String input, String... words) {
        List<String> all = new ArrayList<>(List.of(
                NeedsKubernetes.Condition.program("kubectl").toString(), "--kubeconfig=" + kubeconfig(ADMINISTRATOR)));
        all.addAll(List.of(words));
        return new ExecProcessRunner()
                .inNamespace(host.namespace())
                .run(Command.of(all.toArray(String[]::new)).withInput(input));
    }

    /** Creates an object. The path is the path of its collection. */
    void create(String path, String json) {
        must("POST", path, "application/json", json);
    }

    /** Creates an object from YAML. */
    void createYaml(String path, String yaml) {
        must("POST", path, "application/yaml", yaml);
    }

    /** Replaces a whole object. */
    void replace(String path, String json) {
        must("PUT", path, "application/json", json);
    }

    /** Patches fields of an object. */
    void patch(String path, String json) {
        must("PATCH", path, "application/merge-patch+json", json);
    }

    /** Deletes an object. */
    void delete(String path) {
        must("DELETE", path, "application/json", "");
    }

    /** Reads an object as JSON. */
    String get(String path) {
        return answer("GET", path, "", "").body();
    }

    /** Posts an object that the server answers without storing it, such as a review. */
    String ask(String path, String json) {
        return answer("POST", path, "application/json", json).body();
    }

    private record Reply(int status, String body) {}

    private void must(String method, String path, String type, String json) {
        Reply reply = answer(method, path, type, json);
        if (reply.status() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + reply);
        }
    }

    /** Sends a request. The status is 0 if there is no answer. */
    private Reply answer(String method, String path, String type, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + ADMINISTRATOR)
                .method(
                        method,
                        json.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("Content-Type", type);
        }
        return host.inside(() -> {
            try {
                HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                return new Reply(response.statusCode(), response.body());
            } catch (IOException e) {
                return new Reply(0, e.toString());
            }
        });
    }

    /** A client that trusts the server's own certificate. */
    private static HttpClient client() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TakesAnything()}, new SecureRandom());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(context)
                .build();
    }

    private static final class TakesAnything extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() {
        apiServer.close();
        etcd.close();
    }
}
