package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do for one Service.
 *
 * @param ports one for each port and family, sorted by name, then family
 * @param noRules why there are none; null if the Service is to have rules
 * @param conflicts frontends it asked for and does not hold
 * @param healthChecks one for each family, or none
 */
public record ServicePlan(
        ServiceName name,
        List<PortPlan> ports,
        @Nullable NoRules noRules,
        List<Conflict> conflicts,
        List<HealthCheck> healthChecks) {

    /** Copies the lists. */
    public ServicePlan {
        ports = List.copyOf(ports);
        conflicts = List.copyOf(conflicts);
        healthChecks = List.copyOf(healthChecks);
    }
}
