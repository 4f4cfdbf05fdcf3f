package io.fairlead.agent.live;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.HealthCheck;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What health checks and metrics need of the plan, kept up by its changes, so that the work follows the change. */
final class PlanFigures {

    private record WithoutLocal(int internalIpv4, int externalIpv4, int internalIpv6, int externalIpv6) {}

    private final SortedMap<ServiceName, List<HealthCheck>> healthChecks = new TreeMap<>();
    private final Map<ServiceName, WithoutLocal> withoutLocal = new HashMap<>();

    void apply(PlanDelta delta) {
        delta.services().forEach((name, change) -> {
            healthChecks.remove(name);
            withoutLocal.remove(name);
            ServicePlan after = change.after();
            if (after != null) {
                enter(name, after);
            }
        });
    }

    List<HealthCheck> healthChecks() {
        return healthChecks.values().stream().flatMap(List::stream).toList();
    }

    /** MET-3: ports whose ClusterIP drops packets because no endpoint is here. */
    int withoutLocalInternal(IpFamily family) {
        return withoutLocal.values().stream()
                .mapToInt(one -> switch (family) {
                    case IPV4 -> one.internalIpv4();
                    case IPV6 -> one.internalIpv6();
                })
                .sum();
    }

    /** MET-3: ports whose other frontends do. */
    int withoutLocalExternal(IpFamily family) {
        return withoutLocal.values().stream()
                .mapToInt(one -> switch (family) {
                    case IPV4 -> one.externalIpv4();
                    case IPV6 -> one.externalIpv6();
                })
                .sum();
    }

    private void enter(ServiceName name, ServicePlan service) {
        if (!service.healthChecks().isEmpty()) {
            healthChecks.put(name, service.healthChecks());
        }
        WithoutLocal found = new WithoutLocal(
                count(service, IpFamily.IPV4, false),
                count(service, IpFamily.IPV4, true),
                count(service, IpFamily.IPV6, false),
                count(service, IpFamily.IPV6, true));
        if (!found.equals(new WithoutLocal(0, 0, 0, 0))) {
            withoutLocal.put(name, found);
        }
    }

    private static int count(ServicePlan service, IpFamily family, boolean external) {
        return (int) service.ports().stream()
                .filter(port -> port.family() == family)
                .filter(port -> port.frontends().stream()
                        .anyMatch(frontend -> frontend.external() == external && isWithoutLocal(port, frontend)))
                .count();
    }

    private static boolean isWithoutLocal(PortPlan port, Frontend frontend) {
        return port.disposition(frontend) == PortPlan.Disposition.LOCAL_WITHOUT_ENDPOINTS;
    }
}
