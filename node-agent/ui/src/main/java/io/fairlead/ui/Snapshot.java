package io.fairlead.ui;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePlan;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knew after its last round.
 *
 * @param node the node plans by family; empty until a round has succeeded
 * @param last the result of the last round; null before the first
 */
record Snapshot(
        SortedMap<ServiceName, ServicePlan> services,
        Map<IpFamily, NodePlan> node,
        @Nullable RoundResult last) {

    /** Returns the plan; empty until a round has succeeded. */
    Optional<Plan> plan() {
        NodePlan ipv4 = node.get(IpFamily.IPV4);
        NodePlan ipv6 = node.get(IpFamily.IPV6);
        return ipv4 == null || ipv6 == null ? Optional.empty() : Optional.of(new Plan(ipv4, ipv6, services));
    }

    /** Returns the reason why the kernel refused the rules of a Service; null if it did not. */
    @Nullable
    String quarantined(ServiceName service) {
        return last == null ? null : last.quarantined().get(service);
    }

    ServiceState state(ServicePlan service) {
        return ServiceState.of(service, quarantined(service.name()));
    }
}
