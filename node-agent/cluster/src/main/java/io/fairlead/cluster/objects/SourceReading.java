package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fairlead.core.cluster.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the objects in the documents of one file. Each item of a List is read as an object of its own. */
final class SourceReading {
    private static final String DEFAULT_NAMESPACE = "default";

    private final TypedObjects typed;
    private final @Nullable PodReading pods;
    private final List<ReadObject> objects = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final SortedMap<String, Integer> otherKinds = new TreeMap<>();
    private boolean readable = true;

    SourceReading(TypedObjects typed) {
        this(typed, null);
    }

    /**
     * Creates a reader.
     *
     * @param pods collects data about pods; null if such data is not needed
     */
    SourceReading(TypedObjects typed, @Nullable PodReading pods) {
        this.typed = typed;
        this.pods = pods;
    }

    SourceContent read(String source, String text) {
        for (Documents.Document document : Documents.read(source, text)) {
            if (document.error().isEmpty()) {
                object(document.position(), document.tree(), "", "");
            } else {
                unreadable(document.position(), document.error());
            }
        }
        otherKinds.forEach((kind, count) -> problems.add(new Problem(
                Problem.Severity.NOTE, source, "", "", count + " of kind " + kind + " ignored: no proxy needs them")));
        return new SourceContent(
                objects, problems, readable, otherKinds, pods == null ? PodReading.Result.NONE : pods.result());
    }

    private void unreadable(SourcePosition position, String message) {
        readable = false;
        problems.add(new Problem(Problem.Severity.ERROR, position.text(), "", "", message));
    }

    /**
     * Reads one tree: an object, or a list of objects. If the items of a typed list ("ServiceList") have no apiVersion
     * and kind, these follow from the list.
     */
    private void object(SourcePosition position, @Nullable Object tree, String listKind, String listVersion) {
        if (tree == null) {
            return;
        }
        if (!(tree instanceof Map<?, ?> map)) {
            unreadable(position, "not a Kubernetes object (a mapping with apiVersion and kind)");
            return;
        }
        String kind = text(map, "kind", listKind);
        String version = text(map, "apiVersion", listVersion);
        if (kind.isEmpty()) {
            unreadable(position, "has no kind");
        } else if (kind.endsWith("List") && map.get("items") instanceof List<?> items) {
            int number = 0;
            for (Object item : items) {
                object(
                        position.inList(++number),
                        item,
                        kind.substring(0, kind.length() - "List".length()),
                        kind.equals("List") ? "" : version);
            }
        } else if (!kind.endsWith("List")) {
            byKind(position, map, kind, version);
        }
    }

    private void byKind(SourcePosition position, Map<?, ?> tree, String kind, String version) {
        if (pods != null) {
            pods(pods, tree, version + " " + kind);
            if (version.equals("v1") && kind.equals("Pod")) {
                return;
            }
        }
        switch (version + " " + kind) {
            case "v1 Service" -> {
                read(position, tree, kind, ServiceReading.FIELDS, Service.class);
                if (pods != null && !objects.getLast().setAside()) {
                    pods.service(new ServiceName(namespace(tree), metadata(tree, "name")), tree);
                }
            }
            case "discovery.k8s.io/v1 EndpointSlice" ->
                read(position, tree, kind, SliceReading.FIELDS, EndpointSlice.class);
            case "v1 Endpoints" -> read(position, tree, kind, EndpointsReading.FIELDS, Endpoints.class);
            case "v1 Node" -> read(position, tree, kind, NodeReading.FIELDS, Node.class);
            case "networking.k8s.io/v1 ServiceCIDR", "networking.k8s.io/v1beta1 ServiceCIDR" ->
                read(position, tree, kind, ServiceCidrReading.FIELDS, ServiceCIDR.class);
            default -> otherKinds.merge(label(kind, version), 1, Integer::sum);
        }
    }

    private static void pods(PodReading pods, Map<?, ?> tree, String versionAndKind) {
        switch (versionAndKind) {
            case "discovery.k8s.io/v1 EndpointSlice" -> pods.slice(tree);
            case "v1 Endpoints" -> pods.endpoints(tree);
            case "v1 Pod" -> pods.pod(tree, DEFAULT_NAMESPACE);
            default -> {
                // Objects of other kinds contain no data about pods.
            }
        }
    }

    private static String namespace(Map<?, ?> tree) {
        String namespace = metadata(tree, "namespace");
        return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
    }

    private static String label(String kind, String version) {
        return Names.escaped(version.isEmpty() || version.equals("v1") ? kind : kind + " (" + version + ")");
    }

    private void read(
            SourcePosition position, Map<?, ?> tree, String kind, FieldMask fields, Class<? extends HasMetadata> type) {
        ObjectName name = new ObjectName(kind, namespace(tree), metadata(tree, "name"));
        ReadObject object =
                ObjectReader.read(position, name, findings -> typed.convert(fields.prune(tree), type, findings));
        objects.add(object);
        problems.addAll(object.problems());
    }

    private static String metadata(Map<?, ?> tree, String field) {
        return tree.get("metadata") instanceof Map<?, ?> metadata ? text(metadata, field, "") : "";
    }

    private static String text(Map<?, ?> map, String field, String fallback) {
        Object value = map.get(field);
        return value == null ? fallback : value instanceof String text ? text : String.valueOf(value);
    }
}
