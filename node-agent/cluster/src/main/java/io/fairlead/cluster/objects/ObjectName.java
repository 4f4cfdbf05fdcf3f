package io.fairlead.cluster.objects;

import java.util.Set;

/**
 * The identity of an object: kind, namespace and name as in the source, where they may be any text.
 *
 * @param namespace the namespace; "" for a kind without namespaces
 */
public record ObjectName(String kind, String namespace, String name) {
    private static final Set<String> WITHOUT_NAMESPACE = Set.of("Node", "ServiceCIDR");
    /** Endpoints have the name of their Service. */
    private static final Set<String> NAMED_AS_SERVICES = Set.of("Service", "Endpoints");

    /** Removes the namespace of a kind that has none. */
    public ObjectName {
        namespace = WITHOUT_NAMESPACE.contains(kind) ? "" : namespace;
    }

    /** Returns a text for people, as in {@link Problem#object()}: "Service default/web". */
    public String text() {
        return kind + " " + Names.escaped(namespace.isEmpty() ? name : namespace + "/" + name);
    }

    /**
     * Sets the object aside if the API server would not accept its name, because a name may get into the comment of a
     * rule.
     */
    void check(Findings findings) {
        if (!(NAMED_AS_SERVICES.contains(kind) ? Names.isLabel(name) : Names.isSubdomain(name))) {
            findings.setAside("metadata.name", name.isEmpty() ? "is missing" : "not a name: " + Names.quoted(name));
        } else if (!namespace.isEmpty() && !Names.isLabel(namespace)) {
            findings.setAside("metadata.namespace", "not a namespace: " + Names.quoted(namespace));
        }
    }
}
