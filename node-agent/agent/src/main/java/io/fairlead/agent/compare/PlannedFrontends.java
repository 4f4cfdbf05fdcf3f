package io.fairlead.agent.compare;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What each frontend of a plan should lead to. */
final class PlannedFrontends {

    private PlannedFrontends() {}

    /** One frontend and whose it is. */
    record Planned(ServiceName service, Reached reached) {}

    static SortedMap<FrontendId, Planned> of(Plan plan) {
        SortedMap<FrontendId, Planned> planned = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family)
                    .forEach(port -> port.frontends()
                            .forEach(frontend -> planned.put(
                                    new FrontendId(
                                            family, frontend.key(port.name().protocol())),
                                    new Planned(port.name().service(), reached(port, frontend)))));
        }
        return Collections.unmodifiableSortedMap(planned);
    }

    /** From outside, a frontend of policy Local leads to all endpoints for those clients that are on this node (TP-9, TP-10). */
    private static Reached reached(PortPlan port, Frontend frontend) {
        List<IpPort> cluster = addresses(port.clusterEndpoints());
        return switch (port.disposition(frontend)) {
            case CLUSTER -> new Reached(cluster, Reached.Refusal.NONE);
            case LOCAL -> {
                Reached local = new Reached(addresses(port.localEndpoints()), Reached.Refusal.NONE);
                yield frontend.external() ? local.and(cluster) : local;
            }
            case LOCAL_WITHOUT_ENDPOINTS ->
                new Reached(frontend.external() ? cluster : List.of(), Reached.Refusal.DROP);
            case REJECT -> new Reached(List.of(), Reached.Refusal.REJECT);
        };
    }

    private static List<IpPort> addresses(List<Endpoint> endpoints) {
        Stream<IpPort> all = endpoints.stream().map(Endpoint::address);
        return all.toList();
    }
}
