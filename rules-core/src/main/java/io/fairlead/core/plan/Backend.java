package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Service among which the traffic of another Service is split, with its slices.
 *
 * @param service null if there is no such Service; it then has no endpoints
 */
record Backend(String name, int weight, @Nullable ServiceObject service, Collection<SliceObject> slices) {

    /**
     * Returns the name of the port that receives the traffic of {@code port}: the port with the same name, otherwise
     * the port with the same number (SPLIT-2). Returns null if there is neither.
     */
    @Nullable
    String portFor(ServiceObject.Port port) {
        String byNumber = null;
        for (ServiceObject.Port own : service == null ? List.<ServiceObject.Port>of() : service.ports()) {
            if (own.protocol() == port.protocol() && own.name().equals(port.name())) {
                return own.name();
            }
            if (own.protocol() == port.protocol() && own.port() == port.port()) {
                byNumber = own.name();
            }
        }
        return byNumber;
    }
}
