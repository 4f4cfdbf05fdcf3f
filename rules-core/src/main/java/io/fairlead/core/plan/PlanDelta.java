package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** Copies the map. */
    public PlanDelta {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** True if nothing has to be done. */
    public boolean isEmpty() {
        return services.isEmpty() && !nodeChanged;
    }
}
