package io.fairlead.iptables.render;

import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.iptables.dispatch.DispatchChain;
import io.fairlead.iptables.dispatch.DispatchEntry;
import io.fairlead.iptables.rule.Chain;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one Service port contributes to one family's rules.
 *
 * @param listed its rules in chains that all Services share; none for a trunk that is not in it
 * @param chains its own chains in the nat table; no other port has one of them
 */
public record PortRules(Map<DispatchChain, List<DispatchEntry>> listed, List<Chain> chains) {

    /** Copies both. */
    public PortRules {
        Map<DispatchChain, List<DispatchEntry>> copy = new EnumMap<>(DispatchChain.class);
        listed.forEach((trunk, rules) -> copy.put(trunk, List.copyOf(rules)));
        listed = Collections.unmodifiableMap(copy);
        chains = List.copyOf(chains);
    }

    /** Everything of a port, as {@link Renderer#render} has it. */
    public static PortRules of(PortPlan port, NodePlan node, EndpointLayout endpoints, boolean largeCluster) {
        return new PortRenderer(port, node, endpoints, largeCluster).render();
    }

    /** Without the port's own chains. */
    static PortRules listedOnly(PortPlan port, NodePlan node) {
        return new PortRenderer(port, node, EndpointLayout.KUBE_PROXY, false).renderListed();
    }

    /** Its rules in one of the chains that all Services share. */
    public List<DispatchEntry> in(DispatchChain trunk) {
        return listed.getOrDefault(trunk, List.of());
    }
}
