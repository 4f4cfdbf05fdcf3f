package io.fairlead.agent.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One String for each node and zone. Every endpoint names its node, and each name arrives as a String of its own: at 100,000
 * endpoints they would be a quarter of all that is kept. Thread-safe; grows with the number of names ever seen.
 */
final class SharedNames {
    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Exchanges the names in an object that nobody else has yet. */
    void shareIn(HasMetadata object) {
        if (object instanceof EndpointSlice slice && slice.getEndpoints() != null) {
            slice.getEndpoints().forEach(this::shareIn);
        }
    }

    private void shareIn(Endpoint endpoint) {
        if (endpoint.getNodeName() != null) {
            endpoint.setNodeName(share(endpoint.getNodeName()));
        }
        if (endpoint.getHints() != null && endpoint.getHints().getForZones() != null) {
            endpoint.getHints().getForZones().stream()
                    .filter(zone -> zone.getName() != null)
                    .forEach(zone -> zone.setName(share(zone.getName())));
        }
    }

    private String share(String name) {
        String before = names.putIfAbsent(name, name);
        return before == null ? name : before;
    }
}
