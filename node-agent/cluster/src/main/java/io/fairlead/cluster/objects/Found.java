package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.util.List;

/** An object that was read and is in order, with the place where it stands. */
sealed interface Found {

    /** A Service. */
    record Service(Where where, ServiceObject value) implements Found {}

    /** An EndpointSlice. */
    record Slice(Where where, SliceObject value) implements Found {}

    /** A legacy Endpoints object: one slice for each subset and family. */
    record Endpoints(Where where, ServiceName service, List<SliceObject> slices) implements Found {}

    /** A Node. */
    record Node(Where where, NodeObject value) implements Found {}

    /** A ServiceCIDR. */
    record ServiceCidr(Where where, ServiceCidrObject value) implements Found {}

    /** Where it stands. */
    Where where();

    /** Kind, namespace and name, as in {@link Problem#object()}. */
    default String object() {
        return switch (this) {
            case Service found -> "Service " + found.value().name();
            case Slice found ->
                "EndpointSlice " + found.value().key().namespace() + "/"
                        + found.value().name();
            case Endpoints found -> "Endpoints " + found.service();
            case Node found -> "Node " + found.value().name();
            case ServiceCidr found -> "ServiceCIDR " + found.value().name();
        };
    }
}
