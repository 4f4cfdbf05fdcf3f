package io.fairlead.ui;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The current plan, for threads other than the agent's loop. It is updated from the changes of each round, and shares
 * the plans of Services with the planner, so that it costs one entry of a map for each Service.
 */
final class PlanView {
    private final SortedMap<ServiceName, ServicePlan> services = new TreeMap<>();
    private Map<IpFamily, NodePlan> node = Map.of();
    private @Nullable RoundResult last;

    synchronized void after(RoundResult result) {
        if (result.delta() != null) {
            result.delta().services().forEach((name, change) -> {
                if (change.after() == null) {
                    services.remove(name);
                } else {
                    services.put(name, change.after());
                }
            });
        }
        if (!result.node().isEmpty()) {
            node = result.node();
        }
        last = result;
    }

    /** Returns a copy of the current state. */
    synchronized Snapshot snapshot() {
        return new Snapshot(new TreeMap<>(services), node, last);
    }
}
