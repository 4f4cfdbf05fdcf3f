package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two plans. A consumer of the delta does work in proportion to the size of the delta, not to
 * the size of the cluster.
 *
 * @param services only the Services whose plan has changed
 * @param nodeChanged whether the node plan of either family has changed
 */
public record PlanDelta(SortedMap<ServiceName, ServiceChange> services, boolean nodeChanged) {

    /**
     * The old and the new plan of one Service.
     *
     * @param before null if the Service is new
     * @param after null if the Service was deleted
     */
    public record ServiceChange(
            @Nullable ServicePlan before, @Nullable ServicePlan after) {}

    /** Returns the old plans of the changed Services' ports, in one family. */
    public List<PortPlan> before(IpFamily family) {
        return ports(family, ServiceChange::before);
    }

    /** Returns the new plans of the changed Services' ports, in one family. */
    public List<PortPlan> after(IpFamily family) {
        return ports(family, ServiceChange::after);
    }

    private List<PortPlan> ports(IpFamily family, Function<ServiceChange, @Nullable ServicePlan> side) {
        List<PortPlan> ports = new ArrayList<>();
        for (ServiceChange change : services.values()) {
            ServicePlan service = side.apply(change);
            if (service != null) {
                for (PortPlan port : service.ports()) {
                    if (port.family() == family) {
                        ports.add(port);
                    }
                }
            }
        }
        return ports;
    }

    /** Copies the map. */
    public PlanDelta {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** Returns whether neither a Service nor the node plan has changed. */
    public boolean isEmpty() {
        return services.isEmpty() && !nodeChanged;
    }
}
