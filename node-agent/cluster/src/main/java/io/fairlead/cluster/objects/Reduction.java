package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.util.List;
import java.util.Optional;

/**
 * What is left of one object of the API.
 *
 * @param object empty if the object is set aside, or is none of a proxy's business
 * @param problems everything there is to say about it, in the order of its fields
 */
public record Reduction(Optional<Reduced> object, List<Problem> problems) {

    /** An object in order, with what rules depend on. */
    public sealed interface Reduced {
        /** A Service. */
        record Service(ServiceObject value) implements Reduced {}

        /** An EndpointSlice, or what a legacy Endpoints object amounts to: one slice for each subset and family. */
        record Slices(List<SliceObject> values) implements Reduced {
            /** Copies the list. */
            public Slices {
                values = List.copyOf(values);
            }
        }

        /** A Node. */
        record Node(NodeObject value) implements Reduced {}

        /** A ServiceCIDR. */
        record ServiceCidr(ServiceCidrObject value) implements Reduced {}
    }

    /** Copies the list. */
    public Reduction {
        problems = List.copyOf(problems);
    }

    /** Whether the object is broken, not merely passed over. */
    public boolean isSetAside() {
        return object.isEmpty() && problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
