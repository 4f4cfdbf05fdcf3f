package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a round of planning changed: the size of this, not of the cluster, is the work that follows.
 *
 * @param services only those whose plan is not equal to the one before
 * @param nodeChanged whether the node's own part changed in either family
 */
public record PlanDelta(SortedMap<ServiceName, ServiceChange> services, boolean nodeChanged) {

    /**
     * One Service's plan before and after.
     *
     * @param before null if it was not there
     * @param after null if it is gone
     */
    public record ServiceChange(
            @Nullable ServicePlan before, @Nullable ServicePlan after) {}

    /** The Service ports of one family as they were. */
    public Stream<PortPlan> before(IpFamily family) {
        return ports(family, ServiceChange::before);
    }

    /** The Service ports of one family as they are to be. */
    public Stream<PortPlan> after(IpFamily family) {
        return ports(family, ServiceChange::after);
    }

    private Stream<PortPlan> ports(IpFamily family, Function<ServiceChange, @Nullable ServicePlan> side) {
        return services.values().stream()
                .map(side)
                .filter(Objects::nonNull)
                .flatMap(service -> service.ports().stream())
                .filter(port -> port.family() == family);
    }

    /** Copies the map. */
    public PlanDelta {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** True if nothing has to be done. */
    public boolean isEmpty() {
        return services.isEmpty() && !nodeChanged;
    }
}
