package io.fairlead.bench.cluster;

import io.fairlead.lab.ControlPlaneProcesses;
import io.fairlead.lab.ControlPlaneSetup;
import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Writes many objects through a real kube-apiserver, or directly into its etcd. It starts both programs on a host of a
 * lab.
 */
final class ObjectWriter implements AutoCloseable {
    private static final String TOKEN = "bench-administrator";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int WRITERS = 16;
    private static final URI TRANSACTION = URI.create(ControlPlaneSetup.ETCD + "/v3/kv/txn");
    /** The number of entries per transaction; by default etcd accepts 128. */
    private static final int ENTRIES = 100;

    /** A request to the API server that changes an object. */
    record Write(String method, String path, String json) {}

    /** A key in etcd and the object that is stored under the key. */
    record Entry(String key, String json) {}

    private final Path folder;
    private final NamespaceThreads threads;
    private final ControlPlaneProcesses processes;
    private final HttpClient client;

    /**
     * Starts both programs and waits until they are ready.
     *
     * @param address the host's address
     * @param binaries the folder with the programs etcd and kube-apiserver
     * @param folder the folder for data, keys and logs
     */
    ObjectWriter(LabHost host, String address, Path binaries, Path folder) {
        this.folder = folder;
        this.threads = new NamespaceThreads(host, WRITERS);
        ControlPlaneSetup setup = new ControlPlaneSetup(folder, address, LargeCluster.SERVICE_RANGE);
        try {
            setup.prepare(TOKEN + ",bench,1,system:masters\n");
        } catch (IOException e) {
            throw new BenchException("cannot prepare the API server's files in " + folder, e);
        }
        this.processes = new ControlPlaneProcesses(host, binaries, setup, List.of());
        try {
            this.client = connect();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private HttpClient connect() {
        long until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until) {
            processes.check();
            pause();
            if (!Files.exists(processes.certificate())) {
                continue;
            }
            HttpClient made = threads.call(this::newClient);
            if (threads.call(() -> status(made, new Write("GET", "/readyz", ""))) == HttpURLConnection.HTTP_OK) {
                return made;
            }
        }
        throw new BenchException("kube-apiserver is not ready: see " + folder.resolve("kube-apiserver.log"));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /**
     * Creates an HTTP client. Call it on a thread in the host's namespace, because the client's sockets belong to the
     * namespace of the thread that uses the client.
     */
    private HttpClient newClient() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream input = Files.newInputStream(processes.certificate())) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
                trusted.setCertificateEntry("certificate-" + number++, one);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(context)
                .build();
    }

    /** Writes a kubeconfig with the rights of an administrator. */
    Path kubeconfig() {
        return processes.kubeconfig(
                "kubeconfig", TOKEN, "certificate-authority: \"%s\"".formatted(processes.certificate()));
    }

    /** Sends a write. The future completes when the server has answered; its value is the duration in nanoseconds. */
    Future<Long> send(Write write) {
        return threads.submit(() -> must(write));
    }

    /** Sends all writes, several at the same time, and waits for all answers. */
    void sendAll(List<Write> writes) {
        List<Future<Long>> all = new ArrayList<>(writes.size());
        writes.forEach(write -> all.add(send(write)));
        all.forEach(NamespaceThreads::result);
    }

    /**
     * Reads an object.
     *
     * @throws BenchException if the server does not return it
     */
    String read(String path) {
        return threads.call(() -> answer("GET " + path, request(path).GET().build()));
    }

    /**
     * Writes objects directly into etcd. The API server sees them as if another API server had written them.
     *
     * @throws BenchException if etcd refuses them
     */
    void store(List<Entry> entries) {
        List<Future<String>> all = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += ENTRIES) {
            List<Entry> some = entries.subList(from, Math.min(from + ENTRIES, entries.size()));
            all.add(threads.submit(() -> answer("writing into etcd", transaction(some))));
        }
        all.forEach(NamespaceThreads::result);
    }

    private static HttpRequest transaction(List<Entry> entries) {
        String puts = entries.stream()
                .map(entry -> "{\"requestPut\": {\"key\": \"%s\", \"value\": \"%s\"}}"
                        .formatted(encoded(entry.key()), encoded(entry.json())))
                .collect(Collectors.joining(", ", "{\"success\": [", "]}"));
        return HttpRequest.newBuilder(TRANSACTION)
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofString(puts))
                .build();
    }

    private String answer(String what, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new BenchException(what + ": status " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a write and returns its duration in nanoseconds. */
    private long must(Write write) {
        long begun = System.nanoTime();
        int status = status(client, write);
        if (status / 100 != 2) {
            throw new BenchException(write.method() + " " + write.path() + ": status " + status);
        }
        return System.nanoTime() - begun;
    }

    /** Returns the status of the answer; 0 if there is no answer. */
    private int status(HttpClient through, Write write) {
        HttpRequest request = request(write.path())
                .header(
                        "Content-Type",
                        write.method().equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(write.method(), HttpRequest.BodyPublishers.ofString(write.json()))
                .build();
        try {
            return through.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(processes.server() + path))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + TOKEN);
    }

    @Override
    public void close() {
        threads.close();
        processes.close();
    }
}
