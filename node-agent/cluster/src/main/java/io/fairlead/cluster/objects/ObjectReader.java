package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.SliceObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks one object from a file or from the API server, reports its problems, and reduces it to the fields that rules
 * need. Stateless and thread-safe.
 */
public final class ObjectReader {
    private static final SourcePosition API_SERVER = new SourcePosition("API server", 0, 0);

    private ObjectReader() {}

    /**
     * Reads an object that the API server sent.
     *
     * @param object a Service, EndpointSlice, Endpoints, Node or ServiceCIDR
     * @throws IllegalArgumentException if the object is of another kind
     */
    public static ReadObject read(HasMetadata object) {
        ObjectMeta metadata = metadata(object);
        ObjectName name = new ObjectName(
                object.getKind(), Checks.orEmpty(metadata.getNamespace()), Checks.orEmpty(metadata.getName()));
        if (object instanceof Endpoints && Names.isSubdomain(name.name()) && !Names.isLabel(name.name())) {
            // No Service can have this name. Such an Endpoints object is a leader-election lock of a program.
            return new ReadObject(API_SERVER.text(), name, List.of(), List.of(), false);
        }
        return read(API_SERVER, name, _ -> Optional.of(object));
    }

    /**
     * Reads an object from any source.
     *
     * @param object returns the object. If the object cannot be converted, the function reports the reason to the
     *     findings and returns empty. The function is not called if the name is bad
     */
    static ReadObject read(
            SourcePosition position, ObjectName name, Function<Findings, Optional<? extends HasMetadata>> object) {
        Findings findings = new Findings(position, name.text());
        name.check(findings);
        List<ClusterChange> contents = findings.isSetAside()
                ? List.of()
                : object.apply(findings)
                        .map(typed -> contents(name, typed, findings))
                        .orElse(List.of());
        return new ReadObject(position.text(), name, contents, findings.problems(), findings.isSetAside());
    }

    private static List<ClusterChange> contents(ObjectName name, HasMetadata object, Findings findings) {
        Map<String, String> labels = metadata(object).getLabels() == null
                ? Map.of()
                : metadata(object).getLabels();
        return switch (object) {
            case Service service -> {
                ServiceName key = new ServiceName(name.namespace(), name.name());
                yield list(new ServiceReading(key, labels, service, findings)
                        .read()
                        .map(content -> new ClusterChange.Service(key, content)));
            }
            case EndpointSlice slice ->
                list(new SliceReading(name.namespace(), name.name(), labels, slice, findings)
                        .read()
                        .map(content ->
                                new ClusterChange.Slice(content.key(), content, SliceReading.triggered(slice))));
            case Endpoints endpoints ->
                new EndpointsReading(new ServiceName(name.namespace(), name.name()), endpoints, findings)
                        .read().orElse(List.of()).stream()
                                .map(ObjectReader::slice)
                                .toList();
            case Node node ->
                List.of(new ClusterChange.Node(
                        name.name(), new NodeReading(name.name(), labels, node, findings).read()));
            case ServiceCIDR cidr ->
                List.of(new ClusterChange.ServiceCidr(
                        name.name(), new ServiceCidrReading(name.name(), cidr, findings).read()));
            default -> throw new IllegalArgumentException("no reader for " + object.getKind());
        };
    }

    private static ClusterChange slice(SliceObject content) {
        return new ClusterChange.Slice(content.key(), content, null);
    }

    private static List<ClusterChange> list(Optional<? extends ClusterChange> content) {
        return content.<List<ClusterChange>>map(List::of).orElse(List.of());
    }

    private static ObjectMeta metadata(HasMetadata object) {
        return object.getMetadata() == null ? new ObjectMeta() : object.getMetadata();
    }
}
