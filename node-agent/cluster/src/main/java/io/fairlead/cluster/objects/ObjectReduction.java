package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fairlead.cluster.objects.Reduction.Reduced;
import java.util.List;
import java.util.Optional;

/**
 * Reduces objects as an API server sends them, one at a time, with the checks that objects from files get. Stateless; may be
 * used by several threads.
 */
public final class ObjectReduction {
    private static final Where API_SERVER = new Where("API server", 0, 0);

    private ObjectReduction() {}

    /**
     * The object without what no rule depends on.
     *
     * @param object a Service, EndpointSlice, Endpoints, Node or ServiceCIDR
     * @throws IllegalArgumentException if it is of another kind
     */
    public static Reduction reduce(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata() == null ? new ObjectMeta() : object.getMetadata();
        String name = Checks.orEmpty(metadata.getName());
        String namespace = Checks.orEmpty(metadata.getNamespace());
        Findings findings = new Findings(API_SERVER, object.getKind() + " " + shown(namespace, name));
        if (object instanceof Endpoints && Names.isSubdomain(name) && !Names.isLabel(name)) {
            // No Service can have this name: it is a lock that some program keeps in an Endpoints object.
            return new Reduction(Optional.empty(), List.of());
        }
        if (!(object instanceof Service ? Names.isLabel(name) : Names.isSubdomain(name))) {
            findings.setAside("metadata.name", "not a name: " + Names.quoted(name));
        } else if (!namespace.isEmpty() && !Names.isLabel(namespace)) {
            findings.setAside("metadata.namespace", "not a namespace: " + Names.quoted(namespace));
        }
        Optional<Reduced> reduced = findings.isSetAside()
                ? Optional.empty()
                : ObjectReading.reduce(API_SERVER, namespace, name, object, findings)
                        .map(ObjectReduction::withoutPlace);
        return new Reduction(reduced, findings.problems());
    }

    private static Reduced withoutPlace(Found found) {
        return switch (found) {
            case Found.Service service -> new Reduced.Service(service.value());
            case Found.Slice slice -> new Reduced.Slices(List.of(slice.value()));
            case Found.Endpoints endpoints -> new Reduced.Slices(endpoints.slices());
            case Found.Node node -> new Reduced.Node(node.value());
            case Found.ServiceCidr cidr -> new Reduced.ServiceCidr(cidr.value());
        };
    }

    private static String shown(String namespace, String name) {
        String quoted = Names.quoted(namespace.isEmpty() ? name : namespace + "/" + name);
        return quoted.substring(1, quoted.length() - 1);
    }
}
