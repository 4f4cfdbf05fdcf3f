package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of pods by their addresses. Rules do not depend on them. Commands use them in answers, so that people need
 * not search for an address.
 *
 * @param byAddress "NAMESPACE/NAME" by address
 */
public record PodNames(SortedMap<Ip, String> byAddress) {
    /** No names. */
    public static final PodNames NONE = new PodNames(new TreeMap<>());

    private static final String POD = "Pod";

    /** Copies the map. */
    public PodNames {
        byAddress = Collections.unmodifiableSortedMap(new TreeMap<>(byAddress));
    }

    /** Returns the name of the pod that has an address. */
    public Optional<String> of(Ip address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /**
     * Returns the lowest address of a pod in one family; empty if the pod is unknown or has no such address.
     *
     * @param pod "NAMESPACE/NAME"
     */
    public Optional<Ip> address(String pod, IpFamily family) {
        return byAddress.entrySet().stream()
                .filter(entry -> entry.getValue().equals(pod) && entry.getKey().family() == family)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * Returns the names of this object and of another. If both have a name for an address, the name of this object is
     * used.
     */
    public PodNames and(PodNames others) {
        SortedMap<Ip, String> all = new TreeMap<>(others.byAddress);
        all.putAll(byAddress);
        return new PodNames(all);
    }

    /** Returns the names in an EndpointSlice or an Endpoints object of the API server. */
    public static PodNames in(HasMetadata object) {
        SortedMap<Ip, String> names = new TreeMap<>();
        switch (object) {
            case EndpointSlice slice -> {
                for (Endpoint endpoint : Checks.orEmpty(slice.getEndpoints())) {
                    add(endpoint.getTargetRef(), Checks.orEmpty(endpoint.getAddresses()), names);
                }
            }
            case Endpoints endpoints -> {
                for (EndpointSubset subset : Checks.orEmpty(endpoints.getSubsets())) {
                    addresses(subset.getAddresses(), names);
                    addresses(subset.getNotReadyAddresses(), names);
                }
            }
            default -> {
                // Objects of other kinds name no pods.
            }
        }
        return names.isEmpty() ? NONE : new PodNames(names);
    }

    private static void addresses(@Nullable List<EndpointAddress> addresses, Map<Ip, String> names) {
        for (EndpointAddress address : Checks.orEmpty(addresses)) {
            add(address.getTargetRef(), List.of(Checks.orEmpty(address.getIp())), names);
        }
    }

    private static void add(@Nullable ObjectReference target, List<String> addresses, Map<Ip, String> names) {
        if (target == null || !POD.equals(target.getKind()) || target.getName() == null) {
            return;
        }
        String name = Checks.orEmpty(target.getNamespace()) + "/" + target.getName();
        addresses.forEach(text -> Checks.ip(Checks.orEmpty(text)).ifPresent(ip -> names.putIfAbsent(ip, name)));
    }
}
