package io.fairlead.agent.watch;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fairlead.agent.config.KubeProxyConfig.ClientConnection;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The way to an API server. Making one opens no connection and waits for nothing: the server may be absent.
 *
 * <p>HTTP/1.1 and plain chunked watches, so that each watch has a connection of its own: over HTTP/2 the JDK's client (25)
 * would put a new watch onto the same connection that just died in silence, and it knows no ping.
 */
public final class ApiServer implements AutoCloseable {
    private static final String TRAFFIC = "fairlead-traffic";
    private static final int CONNECT_MILLIS = 10_000;
    private static final int REQUEST_MILLIS = 60_000;
    /** First wait after a failure; doubled up to 32 times of it, as client-go ends at 30 s. */
    private static final int FIRST_RETRY_MILLIS = 1_000;

    private final KubernetesClient client;
    private final Traffic traffic;
    private final List<String> notes;

    private ApiServer(KubernetesClient client, Traffic traffic, List<String> notes) {
        this.client = client;
        this.traffic = traffic;
        this.notes = List.copyOf(notes);
    }

    /**
     * The server of {@code clientConnection.kubeconfig}, or the one whose cluster this process's pod is in (CFG-14).
     *
     * @param master address that goes before the kubeconfig's; "" for none
     * @param observer is told of every request
     * @throws ApiServerException if nothing says where the server is, or a file that should say so cannot be used
     */
    public static ApiServer connect(
            ClientConnection connection, String master, InstantSource clock, RequestObserver observer) {
        return connect(connection, master, clock, observer, new Credentials(System.getenv(), Path.of("/")));
    }

    static ApiServer connect(
            ClientConnection connection,
            String master,
            InstantSource clock,
            RequestObserver observer,
            Credentials credentials) {
        Config config = credentials.read(connection.kubeconfig(), master);
        config.setHttp2Disable(true);
        config.setOnlyHttpWatches(true);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(REQUEST_MILLIS);
        config.setRequestRetryBackoffLimit(1);
        config.setWatchReconnectInterval(FIRST_RETRY_MILLIS);
        config.setUserAgent("fairlead");
        Traffic traffic = new Traffic(clock, observer);
        try {
            KubernetesClient client = new KubernetesClientBuilder()
                    .withConfig(config)
                    .withKubernetesSerialization(LeanReading.create())
                    .withHttpClientFactory(new QuickCiphers())
                    .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor(TRAFFIC, traffic))
                    .build();
            return new ApiServer(client, traffic, notes(connection));
        } catch (KubernetesClientException e) { // fabric8 8.0.0 reads RSA keys; for others it wants another library
            throw new ApiServerException(
                    "cannot use the certificate or key of " + connection.kubeconfig()
                            + " (a client's key must be RSA): " + Traffic.describe(e),
                    e);
        }
    }

    /** For what is not watching, such as writing Events. */
    public KubernetesClient client() {
        return client;
    }

    /** The server's address. */
    public String address() {
        return client.getMasterUrl().toString();
    }

    /** Settings that are accepted and change nothing, each with the reason, for the log. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {
        client.close();
    }

    Traffic traffic() {
        return traffic;
    }

    private static List<String> notes(ClientConnection connection) {
        List<String> notes = new ArrayList<>();
        Map<String, String> types = Map.of(
                "clientConnection.contentType", connection.contentType(),
                "clientConnection.acceptContentTypes", connection.acceptContentTypes());
        types.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(type -> !type.getValue().isEmpty() && !type.getValue().equals("application/json"))
                .forEach(type -> notes.add(type.getKey() + " " + type.getValue()
                        + " is accepted; requests and answers are application/json all the same"));
        notes.add("clientConnection.qps " + connection.qps() + " and burst " + connection.burst()
                + " are accepted; a few lists and watches need no limit");
        return notes;
    }
}
