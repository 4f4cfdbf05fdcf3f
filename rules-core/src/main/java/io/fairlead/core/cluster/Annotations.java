package io.fairlead.core.cluster;

import java.util.List;

/**
 * What the annotations of a Service ask for beyond Kubernetes.
 *
 * @param backends the Services that share the traffic of this Service, in the order of the annotation; empty if the
 *     traffic is not split
 * @param ignored the annotations whose values cannot be used
 */
public record Annotations(List<WeightedBackend> backends, List<IgnoredAnnotation> ignored) {
    /** The annotation for {@link #backends}. */
    public static final String BACKENDS = "fairlead.io/backends";

    /** What a Service without annotations asks for. */
    public static final Annotations NONE = new Annotations(List.of(), List.of());

    /** Copies the lists. */
    public Annotations {
        backends = List.copyOf(backends);
        ignored = List.copyOf(ignored);
    }
}
