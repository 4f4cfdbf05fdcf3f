package io.fairlead.agent;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the Service ports that drop packets because none of their endpoints is on this node (MET-3). The counts are
 * updated from the changes of each round, so the work depends on the number of changed Services and not on the size of
 * the cluster.
 */
final class WithoutLocalEndpoints {

    private record Counts(int internalIpv4, int externalIpv4, int internalIpv6, int externalIpv6) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    private final Map<ServiceName, Counts> services = new HashMap<>();

    void apply(PlanDelta delta) {
        delta.services().forEach((name, change) -> {
            Counts counts = change.after() == null ? Counts.NONE : counts(change.after());
            if (counts.equals(Counts.NONE)) {
                services.remove(name);
            } else {
                services.put(name, counts);
            }
        });
    }

    /** Returns the number of Service ports whose ClusterIP drops packets. */
    int internal(IpFamily family) {
        return services.values().stream()
                .mapToInt(counts -> switch (family) {
                    case IPV4 -> counts.internalIpv4();
                    case IPV6 -> counts.internalIpv6();
                })
                .sum();
    }

    /**
     * Returns the number of Service ports for which a node port, an external IP or a load balancer IP drops packets.
     */
    int external(IpFamily family) {
        return services.values().stream()
                .mapToInt(counts -> switch (family) {
                    case IPV4 -> counts.externalIpv4();
                    case IPV6 -> counts.externalIpv6();
                })
                .sum();
    }

    private static Counts counts(ServicePlan service) {
        return new Counts(
                count(service, IpFamily.IPV4, false),
                count(service, IpFamily.IPV4, true),
                count(service, IpFamily.IPV6, false),
                count(service, IpFamily.IPV6, true));
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
