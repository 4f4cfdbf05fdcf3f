package io.fairlead.cluster.objects;

import java.util.Set;

/**
 * Which object: kind, namespace and name as the source has them, which may be anything.
 *
 * @param namespace "" for a kind without namespaces
 */
public record ObjectName(String kind, String namespace, String name) {
    private static final Set<String> WITHOUT_NAMESPACE = Set.of("Node", "ServiceCIDR");
    /** Endpoints have the name of their Service. */
    private static final Set<String> NAMED_AS_SERVICES = Set.of("Service", "Endpoints");

    /** Drops the namespace of a kind that has none. */
    public ObjectName {
        namespace = WITHOUT_NAMESPACE.contains(kind) ? "" : namespace;
    }

    /** For people, as in {@link Problem#object()}: "Service default/web". */
    public String text() {
        return kind + " " + Names.escaped(namespace.isEmpty() ? name : namespace + "/" + name);
    }

    /** Sets the object aside if the API server would not accept its name: it may get into a rule's comment. */
    void check(Findings findings) {
        if (!(NAMED_AS_SERVICES.contains(kind) ? Names.isLabel(name) : Names.isSubdomain(name))) {
            findings.setAside("metadata.name", name.isEmpty() ? "is missing" : "not a name: " + Names.quoted(name));
        } else if (!namespace.isEmpty() && !Names.isLabel(namespace)) {
            findings.setAside("metadata.namespace", "not a namespace: " + Names.quoted(namespace));
        }
    }
}
