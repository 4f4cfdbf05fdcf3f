package io.fairlead.core.cluster;

/** Namespace and name of a Service. */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {
    /** "namespace/name". */
    public String text() {
        return namespace + "/" + name;
    }

    // By hand, not by a Comparator of getters: where C1 alone compiles, that took twice as long, a fifth of all
    // planning.
    @Override
    public int compareTo(ServiceName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return text();
    }
}
