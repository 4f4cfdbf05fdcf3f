package io.fairlead.cluster.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.PemSource;
import io.fairlead.cluster.access.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests HTTP/2 connections. One connection carries all requests. */
@Timeout(60)
@Tag("server")
class Http2Test {
    private static final TestAuthority AUTHORITY = TestAuthority.make("cluster");

    @TempDir
    private Path folder;

    private final MockWebServer server = new MockWebServer();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                protocols.add(request.getVersion());
                if (protocols.size() == 1) { // the request stays open, like a watch
                    held.countDown();
                    release.await();
                }
                return new MockResponse.Builder().build();
            }
        });
        server.useHttps(AUTHORITY.server("127.0.0.1").server(AUTHORITY).getSocketFactory());
        server.start();
        relay = new Relay(server.getPort());
    }

    @AfterEach
    void close() throws IOException {
        release.countDown();
        server.close();
        relay.close();
    }

    private Requests requests(Access access, InstantSource clock, Duration ping) throws IOException {
        return Requests.by(access, new Connection(access, Map.of(), clock, Dns.SYSTEM, ping));
    }

    /** Sends a request that the server does not answer yet. Returns when the server has received the request. */
    private FutureTask<Integer> open(Requests requests) throws InterruptedException {
        FutureTask<Integer> open = new FutureTask<>(requests::send);
        Thread.ofVirtual().start(open);
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        return open;
    }

    private static void awaitEnd(FutureTask<Integer> open) throws Exception {
        try {
            open.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void replacesAConnectionThatIsSilentlyDead() throws Exception {
        Access access = Accesses.to(relay.port()).trusting(AUTHORITY).build();
        try (Requests requests = requests(access, InstantSource.system(), Duration.ofSeconds(1))) {
            FutureTask<Integer> open = open(requests);
            assertThat(protocols).containsExactly("HTTP/2");
            relay.silence();
            awaitEnd(open);
            assertThat(requests.send()).isEqualTo(200);
            assertThat(relay.connections()).isEqualTo(2);
        }
    }

    @Test
    void allRequestsShareOneConnection() throws Exception {
        Access access = Accesses.to(relay.port()).trusting(AUTHORITY).build();
        try (Requests requests = requests(access, InstantSource.system(), Duration.ofSeconds(10))) {
            FutureTask<Integer> open = open(requests);
            for (int i = 0; i < 20; i++) {
                assertThat(requests.send()).isEqualTo(200);
            }
            release.countDown();
            assertThat(open.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(relay.connections()).isEqualTo(1);
        }
    }

    @Test
    void replacesAConnectionInUseWhenTheCertificateChanges() throws Exception {
        Issued first = AUTHORITY.client(KeyKind.P256, "client", 1);
        Path certificate = Files.writeString(folder.resolve("one.pem"), first.certificatePem() + first.pkcs8());
        TestClock clock = new TestClock();
        Access access = Accesses.to(relay.port())
                .trusting(new Trust.Authorities(new PemSource.InText("authority", AUTHORITY.pem())))
                .showing(certificate, certificate)
                .build();
        try (Requests requests = requests(access, clock, Duration.ofSeconds(10))) {
            FutureTask<Integer> open = open(requests);
            Issued second = AUTHORITY.client(KeyKind.P256, "client", 2);
            Files.writeString(certificate, second.certificatePem() + second.pkcs8());
            clock.advance(Duration.ofMinutes(1));
            requests.connection().poll();
            awaitEnd(open);
            assertThat(requests.send()).isEqualTo(200);
            assertThat(relay.connections()).isEqualTo(2);
        }
    }
}
