package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.HealthCheckPorts;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.HealthCheck;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.PlanDelta;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Updates the health check node ports of Services. The numbers of endpoints that these ports report change only after
 * the rules were applied (LBF-19).
 */
final class HealthCheckListener implements RoundListener {
    private final HealthCheckPorts ports;
    private final InterfaceView addresses;
    private final SortedMap<ServiceName, List<HealthCheck>> checks = new TreeMap<>();

    HealthCheckListener(HealthCheckPorts ports, InterfaceView addresses) {
        this.ports = ports;
        this.addresses = addresses;
    }

    @Override
    public void after(RoundResult result) {
        if (result.delta() != null) {
            apply(result.delta());
        }
        if (result.outcome() != RoundResult.Outcome.FAILED) {
            ports.update(checks.values().stream().flatMap(List::stream).toList(), addresses(result));
        }
    }

    private void apply(PlanDelta delta) {
        delta.services().forEach((name, change) -> {
            if (change.after() == null || change.after().healthChecks().isEmpty()) {
                checks.remove(name);
            } else {
                checks.put(name, change.after().healthChecks());
            }
        });
    }

    private Map<IpFamily, HealthCheckPorts.Addresses> addresses(RoundResult result) {
        Map<IpFamily, HealthCheckPorts.Addresses> where = new EnumMap<>(IpFamily.class);
        result.node()
                .forEach((family, node) -> where.put(
                        family,
                        switch (node.nodePortAddresses()) {
                            case NodePortAddresses.AnyLocal _ -> new HealthCheckPorts.Addresses.Every();
                            case NodePortAddresses.Only only
                            when only.addresses().isEmpty() && addresses.isUnknown() ->
                                new HealthCheckPorts.Addresses.Every(); // the addresses could not be listed (LBF-10)
                            case NodePortAddresses.Only only ->
                                new HealthCheckPorts.Addresses.Only(new TreeSet<>(only.addresses()));
                        }));
        return where;
    }
}
