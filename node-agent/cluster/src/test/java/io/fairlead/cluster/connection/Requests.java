package io.fairlead.cluster.connection;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fairlead.cluster.access.Access;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/** Sends requests with the HTTP client that a {@link Connection} creates for fabric8. */
final class Requests implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final Access access;
    private final Connection connection;
    private final HttpClient client;

    private Requests(Access access, Connection connection) {
        this.access = access;
        this.connection = connection;
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(access.server().toString())
                .build();
        config.setRequestRetryBackoffLimit(0);
        this.client = connection.newBuilder(config).build();
    }

    static Requests by(Access access, InstantSource clock) throws IOException {
        return new Requests(access, new Connection(access, Map.of(), clock));
    }

    static Requests by(Access access, Connection connection) {
        return new Requests(access, connection);
    }

    static Requests by(Access access, Dns dns) throws IOException {
        return new Requests(
                access, new Connection(access, Map.of(), InstantSource.system(), dns, Duration.ofSeconds(10)));
    }

    Connection connection() {
        return connection;
    }

    /** Sends a request and returns the HTTP status of the answer. */
    int send() throws IOException {
        try {
            return client.sendAsync(
                            client.newHttpRequestBuilder()
                                    .uri(access.server().resolve("/api").toString())
                                    .build(),
                            String.class)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .code();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
