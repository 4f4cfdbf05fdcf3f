package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks the documents of one source, Lists opened, and reads each object by its kind. */
final class ObjectReading {
    private static final String DEFAULT_NAMESPACE = "default";

    private final TypedObjects typed;
    private final List<Found> found = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final SortedMap<String, Integer> otherKinds = new TreeMap<>();
    private boolean readable = true;
    private int setAside;

    ObjectReading(TypedObjects typed) {
        this.typed = typed;
    }

    SourceContent read(String source, String text) {
        for (Documents.Document document : Documents.read(source, text)) {
            if (document.error().isEmpty()) {
                object(document.where(), document.tree(), "", "");
            } else {
                unreadable(document.where(), document.error());
            }
        }
        otherKinds.forEach((kind, count) -> problems.add(new Problem(
                Problem.Severity.NOTE, source, "", "", count + " of kind " + kind + " ignored: no proxy needs them")));
        return new SourceContent(found, problems, readable, setAside, otherKinds);
    }

    private void unreadable(Where where, String message) {
        readable = false;
        problems.add(new Problem(Problem.Severity.ERROR, where.text(), "", "", message));
    }

    /** Items of a typed list ("ServiceList") need not say what they are; then they are what the list is named for. */
    private void object(Where where, @Nullable Object tree, String listKind, String listVersion) {
        if (tree == null) {
            return;
        }
        if (!(tree instanceof Map<?, ?> map)) {
            unreadable(where, "not a Kubernetes object (a mapping with apiVersion and kind)");
            return;
        }
        String kind = text(map, "kind", listKind);
        String version = text(map, "apiVersion", listVersion);
        if (kind.isEmpty()) {
            unreadable(where, "has no kind");
        } else if (kind.endsWith("List") && map.get("items") instanceof List<?> items) {
            int number = 0;
            for (Object item : items) {
                object(
                        where.inList(++number),
                        item,
                        kind.substring(0, kind.length() - "List".length()),
                        kind.equals("List") ? "" : version);
            }
        } else if (!kind.endsWith("List")) {
            byKind(where, map, kind, version);
        }
    }

    private void byKind(Where where, Map<?, ?> tree, String kind, String version) {
        switch (version + " " + kind) {
            case "v1 Service" -> read(where, tree, kind, Keep.SERVICE, Service.class);
            case "discovery.k8s.io/v1 EndpointSlice" -> read(where, tree, kind, Keep.SLICE, EndpointSlice.class);
            case "v1 Endpoints" -> read(where, tree, kind, Keep.ENDPOINTS, Endpoints.class);
            case "v1 Node" -> read(where, tree, kind, Keep.NODE, Node.class);
            case "networking.k8s.io/v1 ServiceCIDR", "networking.k8s.io/v1beta1 ServiceCIDR" ->
                read(where, tree, kind, Keep.SERVICE_CIDR, ServiceCIDR.class);
            default -> otherKinds.merge(label(kind, version), 1, Integer::sum);
        }
    }

    private static String label(String kind, String version) {
        String quoted = Names.quoted(version.isEmpty() || version.equals("v1") ? kind : kind + " (" + version + ")");
        return quoted.substring(1, quoted.length() - 1);
    }

    private <T extends HasMetadata> void read(Where where, Map<?, ?> tree, String kind, Keep keep, Class<T> type) {
        boolean namespaced = type != Node.class && type != ServiceCIDR.class;
        String name = metadata(tree, "name");
        String namespace = metadata(tree, "namespace").isEmpty() ? DEFAULT_NAMESPACE : metadata(tree, "namespace");
        Findings findings = new Findings(where, kind + " " + shown(namespaced ? namespace + "/" + name : name));
        boolean service = type == Service.class || type == Endpoints.class;
        if (!(service ? Names.isLabel(name) : Names.isSubdomain(name))) {
            findings.setAside("metadata.name", name.isEmpty() ? "is missing" : "not a name: " + Names.quoted(name));
        } else if (!Names.isLabel(namespace)) {
            findings.setAside("metadata.namespace", "not a namespace: " + Names.quoted(namespace));
        } else {
            typed.convert(keep.prune(tree), type, findings)
                    .flatMap(object -> reduce(where, namespace, name, object, findings))
                    .ifPresent(found::add);
        }
        problems.addAll(findings.problems());
        setAside += findings.isSetAside() ? 1 : 0;
    }

    static Optional<Found> reduce(Where where, String namespace, String name, HasMetadata object, Findings findings) {
        Map<String, String> labels = object.getMetadata().getLabels() == null
                ? Map.of()
                : object.getMetadata().getLabels();
        ServiceName serviceName = new ServiceName(namespace, name);
        return switch (object) {
            case Service service ->
                new ServiceReading(serviceName, labels, service, findings)
                        .read()
                        .map(value -> new Found.Service(where, value));
            case EndpointSlice slice ->
                new SliceReading(namespace, name, labels, slice, findings)
                        .read()
                        .map(value -> new Found.Slice(where, value));
            case Endpoints endpoints ->
                new EndpointsReading(serviceName, endpoints, findings)
                        .read()
                        .map(slices -> new Found.Endpoints(where, serviceName, slices));
            case Node node -> Optional.of(new Found.Node(where, new NodeReading(name, labels, node, findings).read()));
            case ServiceCIDR cidr -> serviceCidr(where, name, cidr, findings);
            default -> throw new IllegalArgumentException("no reader for " + object.getKind());
        };
    }

    /** NEH-6. */
    private static Optional<Found> serviceCidr(Where where, String name, ServiceCIDR object, Findings findings) {
        List<Cidr> cidrs = new ArrayList<>();
        int index = 0;
        for (String text : Checks.orEmpty(
                object.getSpec() == null ? null : object.getSpec().getCidrs())) {
            String field = "spec.cidrs[" + index++ + "]";
            Checks.cidr(Checks.orEmpty(text))
                    .ifPresentOrElse(
                            cidrs::add,
                            () -> findings.skipped(
                                    field, Checks.notAPrefix(Checks.orEmpty(text)) + "; the entry is skipped"));
        }
        return Optional.of(new Found.ServiceCidr(where, new ServiceCidrObject(name, cidrs)));
    }

    private static String shown(String name) {
        String quoted = Names.quoted(name);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String metadata(Map<?, ?> tree, String field) {
        return tree.get("metadata") instanceof Map<?, ?> metadata ? text(metadata, field, "") : "";
    }

    private static String text(Map<?, ?> map, String field, String fallback) {
        Object value = map.get(field);
        return value == null ? fallback : value instanceof String text ? text : String.valueOf(value);
    }
}
