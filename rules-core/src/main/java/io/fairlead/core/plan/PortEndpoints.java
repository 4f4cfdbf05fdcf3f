package io.fairlead.core.plan;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Split.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The endpoints of one Service port in one family, by traffic policy.
 *
 * @param any whether any endpoint on any node can serve (TP-5)
 * @param serving the addresses to which existing UDP flows may continue (CT-3)
 */
record PortEndpoints(List<Endpoint> cluster, List<Endpoint> local, boolean any, List<IpPort> serving, Split split) {

    /** A backend, and the endpoints that it has for the Service port. */
    record OfBackend(Backend backend, EndpointSelection selection) {}

    /** Returns the endpoints of a Service whose traffic is not split. */
    static PortEndpoints of(EndpointSelection selection) {
        return new PortEndpoints(
                selection.cluster(), selection.local(), selection.any(), selection.serving(), Split.NONE);
    }

    /**
     * Returns the endpoints of a Service whose traffic is split. Each backend selects its endpoints by itself, so hints
     * and terminating endpoints have the same effect as at the backend's own addresses. Existing flows to a backend of
     * weight 0 continue.
     *
     * @param backends in the order of the annotation; a backend without the port is missing
     */
    static PortEndpoints of(List<OfBackend> backends) {
        Map<IpPort, Endpoint> places = places(backends);
        List<Share> cluster = new ArrayList<>();
        List<Share> local = new ArrayList<>();
        SortedSet<IpPort> serving = new TreeSet<>();
        boolean any = false;
        for (OfBackend each : backends) {
            serving.addAll(each.selection().serving());
            if (each.backend().weight() > 0) {
                any |= each.selection().any();
                add(each.backend(), each.selection().cluster(), places, cluster);
                add(each.backend(), each.selection().local(), places, local);
            }
        }
        return new PortEndpoints(all(cluster), all(local), any, List.copyOf(serving), new Split(cluster, local));
    }

    /** Returns each endpoint as it counts if several backends have it (EPS-9). */
    private static Map<IpPort, Endpoint> places(List<OfBackend> backends) {
        Map<IpPort, Endpoint> places = new HashMap<>();
        for (OfBackend each : backends) {
            each.selection()
                    .candidates()
                    .forEach((address, candidate) -> places.merge(address, candidate.planned(), Endpoint::merged));
        }
        return places;
    }

    private static void add(
            Backend backend, List<Endpoint> endpoints, Map<IpPort, Endpoint> places, List<Share> shares) {
        if (!endpoints.isEmpty()) {
            List<Endpoint> placed = endpoints.stream()
                    .map(endpoint -> Objects.requireNonNull(places.get(endpoint.address())))
                    .toList();
            shares.add(new Share(backend.name(), backend.weight(), placed));
        }
    }

    /** Returns the endpoints of all shares, each once. */
    private static List<Endpoint> all(List<Share> shares) {
        SortedMap<IpPort, Endpoint> byAddress = new TreeMap<>();
        for (Share share : shares) {
            share.endpoints().forEach(endpoint -> byAddress.put(endpoint.address(), endpoint));
        }
        return List.copyOf(byAddress.values());
    }
}
