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
 * Shares one String for each name of a node, zone, namespace or port. Every endpoint names its node, and each name is
 * read as a separate String: at 100,000 endpoints these would be a quarter of the memory. Unused names are not removed
 * one by one. The pool is cleared when it has more than {@link #MOST} names, because otherwise any client that may
 * write Services could fill the memory of every node. Thread-safe.
 */
final class SharedNames {
    /** More than the nodes, zones and usual port names of any cluster. */
    static final int MOST = 10_000;

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Returns the number of shared names. */
    int size() {
        return names.size();
    }

    /** Replaces the names in an object. No other thread may know the object yet. */
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
                // There are few Nodes and ServiceCIDRs, and few names in them.
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
