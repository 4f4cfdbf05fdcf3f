package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Merges the objects of several sources into one cluster state. If two objects have the same name, the first object is
 * used. A legacy Endpoints object is used only for a Service without slices, because Kubernetes copies every Endpoints
 * object into slices, and an export of a cluster may contain both.
 */
final class Merging {
    private static final String ENDPOINTS = "Endpoints";

    private final Map<ServiceName, ServiceObject> services = new LinkedHashMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new LinkedHashMap<>();
    private final Map<ServiceName, ReadObject> endpoints = new LinkedHashMap<>();
    private final Map<String, NodeObject> nodes = new LinkedHashMap<>();
    private final Map<String, ServiceCidrObject> serviceCidrs = new LinkedHashMap<>();
    private final Map<ObjectName, String> firstSources = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private PodNames pods = PodNames.NONE;
    private int setAside;
    private int otherKinds;

    private Merging() {}

    static ClusterInput merge(List<SourceContent> contents, List<String> unreadable) {
        Merging merging = new Merging();
        for (SourceContent content : contents) {
            merging.add(content);
        }
        merging.addEndpoints();
        merging.addPods(contents);
        return merging.result(unreadable);
    }

    private void add(SourceContent content) {
        problems.addAll(content.problems());
        pods = pods.and(content.pods().names());
        setAside += content.setAside();
        otherKinds += content.otherKinds().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        for (ReadObject object : content.objects()) {
            if (!object.setAside()
                    && (!object.contents().isEmpty() || object.name().kind().equals(ENDPOINTS))) {
                add(object);
            }
        }
    }

    private void add(ReadObject object) {
        String first = firstSources.putIfAbsent(object.name(), object.source());
        if (first != null) {
            setAside++;
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    object.source(),
                    object.name().text(),
                    "",
                    "is a duplicate of the object in " + first + ", which is used instead"));
        } else if (object.name().kind().equals(ENDPOINTS)) {
            endpoints.put(
                    new ServiceName(object.name().namespace(), object.name().name()), object);
        } else {
            object.contents().forEach(this::add);
        }
    }

    private void add(ClusterChange content) {
        switch (content) {
            case ClusterChange.Service(var key, var service) -> put(services, key, service);
            case ClusterChange.Slice(var key, var slice, var _) -> put(slices, key, slice);
            case ClusterChange.Node(var key, var node) -> put(nodes, key, node);
            case ClusterChange.ServiceCidr(var key, var cidr) -> put(serviceCidrs, key, cidr);
        }
    }

    private static <K, V> void put(Map<K, V> map, K key, @Nullable V content) {
        if (content != null) {
            map.put(key, content);
        }
    }

    private void addEndpoints() {
        Set<ServiceName> withSlices = new HashSet<>();
        slices.values().forEach(slice -> withSlices.add(slice.service()));
        endpoints.forEach((service, legacy) -> {
            if (withSlices.contains(service)) {
                problems.add(new Problem(
                        Problem.Severity.NOTE,
                        legacy.source(),
                        legacy.name().text(),
                        "",
                        "ignored: the Service has EndpointSlices"));
            } else {
                legacy.contents().forEach(this::add);
            }
        });
    }

    /** Computes the endpoints of Services that have no slices from the pods in the input. */
    private void addPods(List<SourceContent> contents) {
        Map<String, PodObject> candidates = new LinkedHashMap<>();
        Map<ServiceName, PodEndpoints> selectors = new LinkedHashMap<>();
        for (SourceContent content : contents) {
            content.pods().pods().forEach(pod -> candidates.putIfAbsent(pod.fullName(), pod));
            content.pods().selectors().forEach(selector -> selectors.putIfAbsent(selector.service(), selector));
        }
        Set<ServiceName> withSlices = new HashSet<>();
        slices.values().forEach(slice -> withSlices.add(slice.service()));
        Set<ServiceName> computed = new TreeSet<>();
        selectors.forEach((name, selector) -> {
            ServiceObject service = services.get(name);
            if (service != null && !withSlices.contains(name)) {
                for (SliceObject slice : selector.slices(service, List.copyOf(candidates.values()))) {
                    slices.put(slice.key(), slice);
                    computed.add(name);
                }
            }
        });
        if (!computed.isEmpty()) {
            problems.add(new Problem(
                    Problem.Severity.NOTE,
                    "",
                    "",
                    "",
                    "the endpoints of " + computed.size() + (computed.size() == 1 ? " Service" : " Services")
                            + " are computed from pods, because the input has no EndpointSlices of "
                            + (computed.size() == 1 ? "it" : "them")));
        }
    }

    private ClusterInput result(List<String> unreadable) {
        ClusterState state = ClusterState.of(services, slices, nodes, serviceCidrs);
        ClusterInput.Counts counts = new ClusterInput.Counts(
                services.size(),
                slices.size(),
                slices.values().stream()
                        .mapToInt(slice -> slice.endpoints().size())
                        .sum(),
                nodes.size(),
                serviceCidrs.size(),
                (int) state.slicesWithoutService(),
                setAside,
                otherKinds);
        return new ClusterInput(state, problems, counts, unreadable, pods);
    }
}
