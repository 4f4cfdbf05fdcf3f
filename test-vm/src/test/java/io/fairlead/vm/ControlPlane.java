package io.fairlead.vm;

import io.fairlead.agent.lab.Lab;
import io.fairlead.agent.lab.LabHost;
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
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A real etcd and a real kube-apiserver on a host of a world, and a client that writes from there. */
final class ControlPlane implements AutoCloseable {
    /** Who may do everything. */
    static final String ADMINISTRATOR = "administrator-token";

    /** The account of deploy/rbac, so to say: a user in its place, whom the same roles can be bound to. */
    static final String AGENT = "agent-token";

    private static final String ADDRESS = "192.168.0.50";
    private static final String SERVER = "https://" + ADDRESS + ":6443";
    private static final Duration START = Duration.ofSeconds(90);

    private final LabHost host;
    private final Path folder;
    private final HttpClient client;
    private NodeProcess etcd;
    private NodeProcess apiServer;

    private ControlPlane(LabHost host, Path folder) {
        this.host = host;
        this.folder = folder;
        // Its threads are children of the host's, and so are in its namespace, and with them their sockets.
        this.client = host.inside(ControlPlane::client);
        this.etcd = startEtcd();
        this.apiServer = startProcess();
    }

    /** On a host of its own; ready when this returns. */
    static ControlPlane start(World world, Path folder) {
        ControlPlane plane = prepared(world, folder);
        plane.awaitReady();
        return plane;
    }

    private static ControlPlane prepared(World world, Path folder) {
        LabHost host = world.add("control-plane", Lab.Side.OUTSIDE, ADDRESS);
        try {
            Files.writeString(
                    folder.resolve("tokens.csv"),
                    ADMINISTRATOR + ",administrator,1,system:masters\n" + AGENT
                            + ",system:serviceaccount:kube-system:fairlead,2\n");
            var keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            pem(folder.resolve("accounts.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
            pem(folder.resolve("accounts.pub"), "PUBLIC KEY", keys.getPublic().getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return new ControlPlane(host, folder);
    }

    private static void pem(Path file, String kind, byte[] key) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    private NodeProcess startEtcd() {
        return NodeProcess.start(
                host.namespace(),
                folder.resolve("etcd.log"),
                List.of(
                        NeedsKubernetes.Condition.program("etcd").toString(),
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=http://127.0.0.1:2379",
                        "--advertise-client-urls=http://127.0.0.1:2379",
                        "--listen-peer-urls=http://127.0.0.1:2380",
                        "--unsafe-no-fsync"));
    }

    private NodeProcess startProcess() {
        return NodeProcess.start(
                host.namespace(),
                folder.resolve("kube-apiserver.log"),
                List.of(
                        NeedsKubernetes.Condition.program("kube-apiserver").toString(),
                        "--etcd-servers=http://127.0.0.1:2379",
                        "--etcd-compaction-interval=0",
                        "--token-auth-file=" + folder.resolve("tokens.csv"),
                        "--authorization-mode=RBAC",
                        "--service-account-key-file=" + folder.resolve("accounts.pub"),
                        "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--disable-admission-plugins=ServiceAccount",
                        "--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112",
                        "--advertise-address=" + ADDRESS,
                        "--bind-address=" + ADDRESS,
                        "--secure-port=6443",
                        "--cert-dir=" + folder.resolve("certificates")));
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

    /** kill -9, and nobody answers. */
    void killApiServer() {
        apiServer.kill();
    }

    /** Starts it again; ready when this returns. */
    void restartApiServer() {
        apiServer = startProcess();
        awaitReady();
    }

    /** kill -9. */
    void killEtcd() {
        etcd.kill();
    }

    /** Takes all but the newest version of everything from etcd: who wants to go on from an older one gets 410 Gone. */
    void compact() {
        String range = etcd("range", "{\"key\": \"AA==\", \"limit\": 1}");
        Matcher revision = Pattern.compile("\"revision\":\"([0-9]+)\"").matcher(range);
        if (!revision.find()) {
            throw new AssertionError("no revision: " + range);
        }
        etcd("compaction", "{\"revision\": \"" + revision.group(1) + "\", \"physical\": true}");
    }

    private String etcd(String call, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:2379/v3/kv/" + call))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return host.inside(() -> {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new AssertionError(call + ": " + response.statusCode() + " " + response.body());
            }
            return response.body();
        });
    }

    /** Starts it again with the same data. */
    void restartEtcd() {
        etcd = startEtcd();
    }

    /** A kubeconfig for a user of this server. */
    Path kubeconfig(String token) {
        try {
            return Files.writeString(folder.resolve("kubeconfig-" + token), """
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

    /** Makes an object; the path is that of its collection. */
    void create(String path, String json) {
        must("POST", path, "application/json", json);
    }

    /** Writes an object as a whole. */
    void replace(String path, String json) {
        must("PUT", path, "application/json", json);
    }

    /** Changes some fields. */
    void patch(String path, String json) {
        must("PATCH", path, "application/merge-patch+json", json);
    }

    /** Takes an object away. */
    void delete(String path) {
        must("DELETE", path, "application/json", "");
    }

    /** An object as JSON. */
    String get(String path) {
        return answer("GET", path, "", "").body();
    }

    /** Of a collection, as it is now. */
    String resourceVersion(String path) {
        String list = get(path);
        Matcher version = Pattern.compile("\"resourceVersion\":\"([0-9]+)\"").matcher(list);
        if (!version.find()) {
            throw new AssertionError("no resource version: " + list);
        }
        return version.group(1);
    }

    private record Reply(int status, String body) {}

    private void must(String method, String path, String type, String json) {
        Reply reply = answer(method, path, type, json);
        if (reply.status() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + reply);
        }
    }

    /** 0 if nobody answers. */
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

    /** A client that takes the server's own certificate. */
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
