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
 * One String for each node, zone, namespace and name of a port. Every endpoint names its node, and each name arrives as a String of its
 * own: at 100,000 endpoints they would be a quarter of all that is kept. Thread-safe. Names that nobody has any more are not missed, so
 * it forgets all when there are very many: whoever may write a Service could otherwise fill the memory of every node.
 */
final class SharedNames {
    /** More than a cluster may have nodes, zones and usual names of ports. */
    static final int MOST = 10_000;

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** How many names are shared now. */
    int size() {
        return names.size();
    }

    /** Exchanges the names in an object that nobody else has yet. */
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
                // Nodes and the like: few of them, or few names in them.
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
