package io.fairlead.cluster.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of an object matter. The rest is cut off before the tree is converted to fabric8's types: a mistake in a
 * field that no rule depends on must not cost the Service, and half of the reading time is saved.
 *
 * @param fields what to keep of each field; empty means the whole of it
 */
record Keep(Map<String, Keep> fields) {
    private static final Keep WHOLE = new Keep(Map.of());

    private static final Keep METADATA = new Keep(Map.of(
            "name", WHOLE,
            "namespace", WHOLE,
            "deletionTimestamp", WHOLE,
            "labels", whole(Labels.SERVICE_NAME, Labels.SERVICE_PROXY_NAME, Labels.HEADLESS, Labels.ZONE)));

    private static final Keep PORTS = whole("name", "protocol", "port", "nodePort");

    static final Keep SERVICE = object(Map.of(
            "spec",
                    whole(
                                    "type",
                                    "clusterIP",
                                    "clusterIPs",
                                    "ipFamilies",
                                    "externalIPs",
                                    "loadBalancerSourceRanges",
                                    "internalTrafficPolicy",
                                    "externalTrafficPolicy",
                                    "sessionAffinity",
                                    "sessionAffinityConfig",
                                    "healthCheckNodePort")
                            .with("ports", PORTS),
            "status", of("loadBalancer", of("ingress", whole("ip", "ipMode")))));

    static final Keep SLICE = object(Map.of(
            "addressType", WHOLE,
            "ports", PORTS,
            "endpoints", whole("addresses", "nodeName", "conditions", "hints")));

    static final Keep ENDPOINTS = object(Map.of(
            "subsets",
            new Keep(Map.of(
                    "addresses", whole("ip", "nodeName"),
                    "notReadyAddresses", whole("ip", "nodeName"),
                    "ports", PORTS))));

    static final Keep NODE = object(Map.of(
            "spec", whole("podCIDR", "podCIDRs").with("taints", whole("key")),
            "status", of("addresses", whole("type", "address"))));

    static final Keep SERVICE_CIDR = object(Map.of("spec", whole("cidrs")));

    private static Keep object(Map<String, Keep> fields) {
        return new Keep(fields).with("metadata", METADATA);
    }

    private static Keep of(String field, Keep keep) {
        return new Keep(Map.of(field, keep));
    }

    private static Keep whole(String... names) {
        Map<String, Keep> fields = new LinkedHashMap<>();
        for (String name : names) {
            fields.put(name, WHOLE);
        }
        return new Keep(fields);
    }

    private Keep with(String field, Keep keep) {
        Map<String, Keep> more = new LinkedHashMap<>(fields);
        more.put(field, keep);
        return new Keep(more);
    }

    /** A copy without the fields that do not matter; what has an unexpected shape stays as it is. */
    @Nullable
    Object prune(@Nullable Object tree) {
        if (fields.isEmpty()) {
            return tree;
        }
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> kept = new LinkedHashMap<>();
                fields.forEach((name, keep) -> {
                    if (map.containsKey(name)) {
                        kept.put(name, keep.prune(map.get(name)));
                    }
                });
                yield kept;
            }
            case List<?> list -> list.stream().map(this::prune).toList();
            case null, default -> tree;
        };
    }
}
