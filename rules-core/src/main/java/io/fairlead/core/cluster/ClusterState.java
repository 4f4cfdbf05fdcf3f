package io.fairlead.core.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The state at one moment of the Kubernetes objects on which rules depend. */
public record ClusterState(
        SortedMap<ServiceName, ServiceObject> services,
        SortedMap<SliceObject.Key, SliceObject> slices,
        SortedMap<String, NodeObject> nodes,
        SortedMap<String, ServiceCidrObject> serviceCidrs) {

    /** The state of a cluster without objects. */
    public static final ClusterState EMPTY = of(Map.of(), Map.of(), Map.of(), Map.of());

    /** Copies the maps. */
    public ClusterState {
        services = sorted(services);
        slices = sorted(slices);
        nodes = sorted(nodes);
        serviceCidrs = sorted(serviceCidrs);
    }

    /** Returns the state with these objects. The maps may be in any order. */
    public static ClusterState of(
            Map<ServiceName, ServiceObject> services,
            Map<SliceObject.Key, SliceObject> slices,
            Map<String, NodeObject> nodes,
            Map<String, ServiceCidrObject> serviceCidrs) {
        return new ClusterState(
                new TreeMap<>(services), new TreeMap<>(slices), new TreeMap<>(nodes), new TreeMap<>(serviceCidrs));
    }

    /**
     * Returns the number of slices whose Service does not exist (yet). Such slices are kept, and become active when
     * their Service is created (EPS-18).
     */
    public long slicesWithoutService() {
        return slices.values().stream()
                .filter(slice -> !services.containsKey(slice.service()))
                .count();
    }

    private static <K, V> SortedMap<K, V> sorted(SortedMap<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
