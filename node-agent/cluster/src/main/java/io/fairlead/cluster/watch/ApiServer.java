package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.InstantSource;

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

    private ApiServer(KubernetesClient client, Traffic traffic) {
        this.client = client;
        this.traffic = traffic;
    }

    /**
     * The server of a kubeconfig, or the one whose cluster this process's pod is in (CFG-14).
     *
     * @param kubeconfig path; "" for the cluster's own
     * @param master address that goes before the kubeconfig's; "" for none
     * @param observer is told of every request
     * @throws ApiServerException if nothing says where the server is, or a file that should say so cannot be used
     */
    public static ApiServer connect(String kubeconfig, String master, InstantSource clock, RequestObserver observer) {
        return connect(kubeconfig, master, clock, observer, new Credentials(System.getenv(), Path.of("/")));
    }

    static ApiServer connect(
            String kubeconfig, String master, InstantSource clock, RequestObserver observer, Credentials credentials) {
        Config config = credentials.read(kubeconfig, master);
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
            return new ApiServer(client, traffic);
        } catch (KubernetesClientException e) { // fabric8 8.0.0 reads RSA keys; for others it wants another library
            throw new ApiServerException(
                    "cannot use the certificate or key of " + kubeconfig + " (a client's key must be RSA): "
                            + Traffic.describe(e),
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

    @Override
    public void close() {
        client.close();
    }

    Traffic traffic() {
        return traffic;
    }
}
