package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fairlead.cluster.access.Access;
import io.fairlead.cluster.access.AccessException;
import io.fairlead.cluster.access.AccessReader;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.connection.Connection;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client for one API server. Creating a client opens no connection, so the server need not be reachable yet. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String TRAFFIC = "fairlead-traffic";
    private static final int REQUEST_MILLIS = 60_000;
    /**
     * The wait in ms after the first failure of a watch. After each further failure fabric8 doubles the wait, up to 32
     * s. In client-go the limit is 30 s.
     */
    private static final int FIRST_RETRY_MILLIS = 1_000;

    private final KubernetesClient client;
    private final Connection connection;
    private final Traffic traffic;

    private ApiServer(KubernetesClient client, Connection connection, Traffic traffic) {
        this.client = client;
        this.connection = connection;
        this.traffic = traffic;
    }

    /**
     * Returns a client for the API server that a kubeconfig names or, without a kubeconfig, for the cluster in which
     * the pod of this process runs (CFG-14). Logs the fields of the kubeconfig that are ignored.
     *
     * @param master an address that replaces the address of the kubeconfig; "" for none
     * @param observer the observer that is called for every request
     * @throws ApiServerException if the files and settings do not describe a usable server
     */
    public static ApiServer connect(
            KubeconfigFiles files, String master, InstantSource clock, RequestObserver observer) {
        return connect(files, master, clock, observer, AccessReader.ofThisProcess());
    }

    static ApiServer connect(
            KubeconfigFiles files, String master, InstantSource clock, RequestObserver observer, AccessReader reader) {
        try {
            Access access = reader.read(files, master);
            access.warnings().forEach(LOG::warn);
            Connection connection = new Connection(access, reader.environment(), clock);
            Traffic traffic = new Traffic(clock, observer);
            KubernetesClient client = new KubernetesClientBuilder()
                    .withConfig(config(access))
                    .withKubernetesSerialization(LeanReading.create())
                    .withHttpClientFactory(connection)
                    .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor(TRAFFIC, traffic))
                    .build();
            return new ApiServer(client, connection, traffic);
        } catch (AccessException e) {
            throw new ApiServerException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new ApiServerException("cannot use the credentials for the API server: " + e.getMessage(), e);
        }
    }

    private static Config config(Access access) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(access.server().toString())
                .build();
        config.setOnlyHttpWatches(true);
        config.setRequestTimeout(REQUEST_MILLIS);
        config.setRequestRetryBackoffLimit(1);
        config.setWatchReconnectInterval(FIRST_RETRY_MILLIS);
        return config;
    }

    /**
     * Returns the fabric8 client. Outside this package it is used for all requests except watches, for example for
     * writing Events.
     */
    public KubernetesClient client() {
        return client;
    }

    /** Returns the URL of the server. */
    public String address() {
        return client.getMasterUrl().toString();
    }

    /**
     * Checks whether certificates and keys were renewed, and uses the new certificates and keys. The caller calls this
     * method every few seconds.
     */
    void poll() {
        connection.poll();
    }

    @Override
    public void close() {
        client.close();
    }

    Traffic traffic() {
        return traffic;
    }
}
