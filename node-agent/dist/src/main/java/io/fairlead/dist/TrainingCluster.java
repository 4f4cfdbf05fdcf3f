package io.fairlead.dist;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A small API server that serves the files of a folder on the loopback address, with TLS. The answer to a list request
 * is a file like {@code services.json}. The answer to a watch request is a file like {@code services.watch}, with one
 * event in each line. A kind without a file has no objects.
 */
public final class TrainingCluster implements AutoCloseable {
    /** The password of the server's key store. The key is created for one run and deleted afterwards. */
    private static final String PASSWORD = "training";

    private final Path lists;
    private final Path folder;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Creates a key with keytool, which is a part of the JDK, and starts the server.
     *
     * @param lists the folder with the files to serve
     * @param folder the folder to which the key and the kubeconfig are written
     * @throws IOException if keytool fails or the port cannot be opened
     */
    public TrainingCluster(Path lists, Path folder, ProcessRunner processes) throws IOException {
        this.lists = lists;
        this.folder = folder;
        Path keys = folder.resolve("training.p12");
        keytool(
                processes,
                List.of("-genkeypair", "-alias", "server", "-keyalg", "RSA", "-keysize", "2048"),
                List.of("-dname", "CN=training", "-ext", "san=ip:127.0.0.1", "-validity", "1"),
                keys);
        keytool(
                processes,
                List.of("-exportcert", "-rfc", "-alias", "server"),
                List.of("-file", folder.resolve("training.crt").toString()),
                keys);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        Files.writeString(folder.resolve("training.kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: training
                  cluster: {server: 'https://127.0.0.1:%d', certificate-authority: training.crt}
                users:
                - name: training
                  user: {token: training}
                contexts:
                - name: training
                  context: {cluster: training, user: training}
                current-context: training
                """.formatted(
                        server.getAddress().getPort()));
    }

    /** Returns the path of the kubeconfig for clients of this server. */
    public Path kubeconfig() {
        return folder.resolve("training.kubeconfig");
    }

    private static void keytool(ProcessRunner processes, List<String> first, List<String> second, Path keys)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        words.addAll(first);
        words.addAll(second);
        words.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
        ProcessResult result = processes.run(Command.of(words.toArray(String[]::new)));
        if (!result.succeeded()) {
            throw new IOException(
                    "keytool: " + result.output().strip() + result.error().strip());
        }
    }

    private static SSLContext context(Path keys) throws IOException {
        try (InputStream input = Files.newInputStream(keys)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(input, PASSWORD.toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificate and key of the training cluster in " + keys, e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String kind = path.substring(path.lastIndexOf('/') + 1);
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            if (query.contains("watch=true")) {
                body.write(text(kind + ".watch", ""));
                body.flush();
                closed.await(1, TimeUnit.MINUTES);
            } else {
                body.write(text(kind + ".json", "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] text(String name, String otherwise) throws IOException {
        Path file = lists.resolve(name);
        return Files.exists(file) ? Files.readAllBytes(file) : otherwise.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
