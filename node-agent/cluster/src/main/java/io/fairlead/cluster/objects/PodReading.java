package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects data about pods from objects in files: the names of pods by address, and the data from which endpoints are
 * computed.
 */
final class PodReading {
    private final SortedMap<Ip, String> names = new TreeMap<>();
    private final List<PodObject> pods = new ArrayList<>();
    private final List<PodEndpoints> selectors = new ArrayList<>();

    /**
     * The collected data.
     *
     * @param pods the pods that can be endpoints
     * @param selectors for each Service that is not set aside: its selector, which may be empty
     */
    record Result(PodNames names, List<PodObject> pods, List<PodEndpoints> selectors) {
        static final Result NONE = new Result(PodNames.NONE, List.of(), List.of());
    }

    Result result() {
        return new Result(new PodNames(names), List.copyOf(pods), List.copyOf(selectors));
    }

    void service(ServiceName name, Map<?, ?> tree) {
        selectors.add(PodEndpoints.read(name, tree));
    }

    void pod(Map<?, ?> tree, String defaultNamespace) {
        PodObject.read(tree, defaultNamespace).ifPresent(pod -> {
            pods.add(pod);
            if (!pod.onHostNetwork()) {
                pod.addresses().forEach(ip -> names.putIfAbsent(ip, pod.fullName()));
            }
        });
    }

    void slice(Map<?, ?> tree) {
        Trees.list(tree, "endpoints")
                .forEach(endpoint -> target(Trees.value(endpoint, "targetRef"), Trees.list(endpoint, "addresses")));
    }

    void endpoints(Map<?, ?> tree) {
        Trees.list(tree, "subsets")
                .flatMap(subset ->
                        Stream.concat(Trees.list(subset, "addresses"), Trees.list(subset, "notReadyAddresses")))
                .forEach(address -> target(Trees.value(address, "targetRef"), Stream.of(Trees.text(address, "ip"))));
    }

    private void target(@Nullable Object target, Stream<?> addresses) {
        if (Trees.text(target, "kind").equals("Pod")) {
            String name = Trees.text(target, "namespace") + "/" + Trees.text(target, "name");
            addresses
                    .flatMap(address -> Checks.ip(String.valueOf(address)).stream())
                    .forEach(ip -> names.putIfAbsent(ip, name));
        }
    }
}
