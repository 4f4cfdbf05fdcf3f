package io.fairlead.core.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The objects of the cluster that rules depend on, at one moment. */
public record ClusterState(
        SortedMap<ServiceName, ServiceObject> services,
        SortedMap<SliceObject.Key, SliceObject> slices,
        SortedMap<String, NodeObject> nodes,
        SortedMap<String, ServiceCidrObject> serviceCidrs) {

    /** A cluster without objects. */
    public static final ClusterState EMPTY = of(Map.of(), Map.of(), Map.of(), Map.of());

    /** Copies the maps. */
    public ClusterState {
        services = sorted(services);
        slices = sorted(slices);
        nodes = sorted(nodes);
        serviceCidrs = sorted(serviceCidrs);
    }

    /** Returns the state with these objects; the maps may have any order. */
    public static ClusterState of(
            Map<ServiceName, ServiceObject> services,
            Map<SliceObject.Key, SliceObject> slices,
            Map<String, NodeObject> nodes,
            Map<String, ServiceCidrObject> serviceCidrs) {
        return new ClusterState(
                new TreeMap<>(services), new TreeMap<>(slices), new TreeMap<>(nodes), new TreeMap<>(serviceCidrs));
    }

    /**
     * Returns the number of slices whose Service does not exist (yet). They are kept, and become active when the
     * Service appears (EPS-18).
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
