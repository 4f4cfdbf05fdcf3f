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

/**
 * Several sources into one state. Of an object that is there twice the first counts. Endpoints count only for a Service
 * without slices: the API server mirrors every Endpoints object into slices, and "kubectl get all" shows both.
 */
final class Merging {
    private final Map<ServiceName, ServiceObject> services = new LinkedHashMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new LinkedHashMap<>();
    private final Map<ServiceName, Found.Endpoints> endpoints = new LinkedHashMap<>();
    private final Map<String, NodeObject> nodes = new LinkedHashMap<>();
    private final Map<String, ServiceCidrObject> serviceCidrs = new LinkedHashMap<>();
    private final Map<String, Where> firstPlaces = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int setAside;
    private int otherKinds;

    private Merging() {}

    static ClusterInput merge(List<SourceContent> contents, List<String> unreadable) {
        Merging merging = new Merging();
        for (SourceContent content : contents) {
            merging.add(content);
        }
        merging.addEndpoints();
        return merging.result(unreadable);
    }

    private void add(SourceContent content) {
        problems.addAll(content.problems());
        setAside += content.setAside();
        otherKinds += content.otherKinds().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        for (Found found : content.objects()) {
            Where first = firstPlaces.putIfAbsent(found.object(), found.where());
            if (first != null) {
                setAside++;
                problems.add(new Problem(
                        Problem.Severity.ERROR,
                        found.where().text(),
                        found.object(),
                        "",
                        "is there twice; the first counts (" + first.text() + "), this one is set aside"));
                continue;
            }
            switch (found) {
                case Found.Service it -> services.put(it.value().name(), it.value());
                case Found.Slice it -> slices.put(it.value().key(), it.value());
                case Found.Endpoints it -> endpoints.put(it.service(), it);
                case Found.Node it -> nodes.put(it.value().name(), it.value());
                case Found.ServiceCidr it -> serviceCidrs.put(it.value().name(), it.value());
            }
        }
    }

    private void addEndpoints() {
        Set<ServiceName> withSlices = new HashSet<>();
        slices.values().forEach(slice -> withSlices.add(slice.service()));
        for (Found.Endpoints legacy : endpoints.values()) {
            if (withSlices.contains(legacy.service())) {
                problems.add(new Problem(
                        Problem.Severity.NOTE,
                        legacy.where().text(),
                        legacy.object(),
                        "",
                        "ignored: the Service has EndpointSlices"));
            } else {
                legacy.slices().forEach(slice -> slices.put(slice.key(), slice));
            }
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
        return new ClusterInput(state, problems, counts, unreadable);
    }
}
