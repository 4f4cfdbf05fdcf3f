package io.fairlead.cluster.objects;

import java.util.Set;

/**
 * The identity of an object: its kind, namespace and name. They are copied from the source without a check and may be
 * any text.
 *
 * @param namespace the namespace; "" for a kind without namespaces
 */
public record ObjectName(String kind, String namespace, String name) {
    private static final Set<String> WITHOUT_NAMESPACE = Set.of("Node", "ServiceCIDR");
    /**
     * The kinds whose names follow the rules for names of Services. An Endpoints object has the name of its Service.
     */
    private static final Set<String> NAMED_AS_SERVICES = Set.of("Service", "Endpoints");

    /** Replaces the namespace by "" if objects of this kind have no namespace. */
    public ObjectName {
        namespace = WITHOUT_NAMESPACE.contains(kind) ? "" : namespace;
    }

    /** Returns a text for users, as in {@link Problem#object()}: "Service default/web". */
    public String text() {
        return kind + " " + Names.escaped(namespace.isEmpty() ? name : namespace + "/" + name);
    }

    /**
     * Sets the object aside if the API server would not accept its name or namespace, because they may be written into
     * the comment of a rule.
     */
    void check(Findings findings) {
        if (!(NAMED_AS_SERVICES.contains(kind) ? Names.isLabel(name) : Names.isSubdomain(name))) {
            findings.setAside("metadata.name", name.isEmpty() ? "is missing" : "not a name: " + Names.quoted(name));
        } else if (!namespace.isEmpty() && !Names.isLabel(namespace)) {
            findings.setAside("metadata.namespace", "not a namespace: " + Names.quoted(namespace));
        }
    }
}
