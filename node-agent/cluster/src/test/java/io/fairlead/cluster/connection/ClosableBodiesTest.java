package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a client can end watches over HTTP/1.1. */
@Timeout(60)
@Tag("server")
class ClosableBodiesTest {
    private static final int ROUNDS = 200;
    private static final int PATIENCE_SECONDS = 20;

    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final Semaphore ended = new Semaphore(0);
    private Thread.UncaughtExceptionHandler before;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> uncaught.add(e));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) { // ends when the client has closed the connection
                    out.write("event\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            } catch (IOException _) {
                ended.release();
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void closesABodyWhileAnotherThreadReadsIt() throws Exception {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(address).build();
        Connection connection = new Connection(Accesses.to(address).build(), Map.of(), InstantSource.system());
        try (HttpClient client = connection.newBuilder(config).build()) {
            for (int round = 0; round < ROUNDS; round++) {
                CountDownLatch read = new CountDownLatch(1);
                AsyncBody body = client.consumeBytes(
                                client.newHttpRequestBuilder()
                                        .uri(address)
                                        .forStreaming()
                                        .build(),
                                (_, reading) -> {
                                    read.countDown();
                                    reading.consume();
                                })
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .body();
                body.consume();
                assertThat(read.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                body.cancel();
            }
            assertThat(ended.tryAcquire(ROUNDS, PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the server sees that the connections are closed")
                    .isTrue();
        }
        assertThat(uncaught).isEmpty();
    }
}
