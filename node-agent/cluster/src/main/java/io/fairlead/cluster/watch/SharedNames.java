package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replaces equal names of nodes, zones, namespaces and ports in objects by one shared String. Every endpoint names its
 * node, and the JSON reader creates a new String for each name. With 100,000 endpoints these Strings would need a
 * quarter of the memory. Unused names are not removed one by one. Instead, all names are removed when there are {@link
 * #MOST} names. Otherwise any client that may write Services could fill the memory of every node. Thread-safe.
 */
final class SharedNames {
    /** The largest number of shared names. No usual cluster has so many names of nodes, zones and ports. */
    static final int MOST = 10_000;

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Returns the number of shared names. */
    int size() {
        return names.size();
    }

    /** Replaces the names in an object by shared Strings. No other thread may use the object yet. */
    void shareIn(HasMetadata object) {
        share(object.getMetadata().getNamespace(), object.getMetadata()::setNamespace);
        switch (object) {
            case EndpointSlice slice -> {
                each(slice.getEndpoints(), this::shareIn);
                each(slice.getPorts(), port -> share(port.getName(), port::setName));
            }
            case Service service
            when service.getSpec() != null ->
                each(service.getSpec().getPorts(), port -> share(port.getName(), port::setName));
            default -> {
                // Nodes and ServiceCIDRs contain few names, and legacy Endpoints are seldom read.
            }
        }
    }

    private void shareIn(Endpoint endpoint) {
        share(endpoint.getNodeName(), endpoint::setNodeName);
        if (endpoint.getHints() != null) {
            each(endpoint.getHints().getForZones(), zone -> share(zone.getName(), zone::setName));
            each(endpoint.getHints().getForNodes(), node -> share(node.getName(), node::setName));
        }
    }

    private static <T> void each(@Nullable List<T> some, Consumer<T> action) {
        if (some != null) {
            some.forEach(action);
        }
    }

    private void share(@Nullable String name, Consumer<String> setter) {
        if (name != null) {
            setter.accept(share(name));
        }
    }

    private String share(String name) {
        if (names.size() >= MOST) {
            names.clear();
        }
        String before = names.putIfAbsent(name, name);
        return before == null ? name : before;
    }
}
