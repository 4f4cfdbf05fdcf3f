package io.fairlead.core.cluster;

/** Namespace and name of a Service. */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {
    /** Returns "namespace/name". */
    public String text() {
        return namespace + "/" + name;
    }

    // Written by hand: a Comparator of getters took twice as long where only the compiler C1 runs, a fifth of the whole
    // planning time.
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
