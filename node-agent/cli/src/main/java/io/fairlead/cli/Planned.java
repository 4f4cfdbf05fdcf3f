package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan, and what it was computed from. */
record Planned(Plan plan, NodeSettings settings, Host host, ClusterInput input) {

    /** Returns the addresses of all nodes among the objects. */
    Set<Ip> nodeAddresses() {
        return input.state().nodes().values().stream()
                .flatMap(node -> node.addresses().stream())
                .collect(Collectors.toSet());
    }
}
