package io.fairlead.core.plan;

import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.ServiceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan for one Service.
 *
 * @param ports one port plan for each port and family, sorted by name, then by family
 * @param noRules the reason why the Service has no rules; null if it has rules
 * @param conflicts the frontends that the Service claims and does not hold
 * @param refused the addresses on which the Service is not served, because they are outside of the configured ranges;
 *     in the order of the Service, external IPs first
 * @param ignored the annotations that have no effect, because their values cannot be used
 * @param healthChecks one per family of the Service; empty if the Service has no health check node port in effect
 */
public record ServicePlan(
        ServiceName name,
        List<PortPlan> ports,
        @Nullable NoRules noRules,
        List<Conflict> conflicts,
        List<RefusedAddress> refused,
        List<IgnoredAnnotation> ignored,
        List<HealthCheck> healthChecks) {

    /** Copies the lists. */
    public ServicePlan {
        ports = List.copyOf(ports);
        conflicts = List.copyOf(conflicts);
        refused = List.copyOf(refused);
        ignored = List.copyOf(ignored);
        healthChecks = List.copyOf(healthChecks);
    }
}
