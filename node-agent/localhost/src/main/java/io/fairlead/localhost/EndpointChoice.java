package io.fairlead.localhost;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.IpPort;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Chooses endpoints for the clients of one node port as the rules do: at random, or by ClientIP affinity. Thread-safe.
 */
final class EndpointChoice {
    /**
     * The greatest number of remembered clients. The limit is needed because every address in 127.0.0.0/8 can be a
     * client.
     */
    private static final int MOST_CLIENTS = 1024;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Map<InetAddress, Remembered> clients = new LinkedHashMap<>(16, 0.75f, true);
    private List<IpPort> endpoints = List.of();
    private Affinity affinity = new Affinity.None();

    private record Remembered(IpPort endpoint, long lastUsed) {}

    EndpointChoice(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /**
     * Replaces the endpoints and the affinity. With ClientIP affinity, a client whose endpoint remains keeps this
     * endpoint.
     */
    synchronized void update(LocalhostPort port) {
        endpoints = port.endpoints();
        affinity = port.affinity();
        if (affinity instanceof Affinity.None) {
            clients.clear();
        }
    }

    /** Returns whether an endpoint still serves the port. */
    synchronized boolean serves(IpPort endpoint) {
        return endpoints.contains(endpoint);
    }

    /**
     * Returns the endpoint for a new connection of a client. With ClientIP affinity, each new connection restarts the
     * client's affinity time-out.
     */
    synchronized IpPort choose(InetAddress client) {
        return switch (affinity) {
            case Affinity.None _ -> any();
            case Affinity.ClientIp(int timeout) -> {
                long now = nanoTime.getAsLong();
                Remembered last = clients.get(client);
                IpPort chosen = last != null
                                && now - last.lastUsed() <= TimeUnit.SECONDS.toNanos(timeout)
                                && endpoints.contains(last.endpoint())
                        ? last.endpoint()
                        : any();
                clients.put(client, new Remembered(chosen, now));
                forgetOldest();
                yield chosen;
            }
        };
    }

    private IpPort any() {
        return endpoints.get(random.nextInt(endpoints.size()));
    }

    private void forgetOldest() {
        if (clients.size() > MOST_CLIENTS) {
            clients.remove(clients.keySet().iterator().next());
        }
    }
}
