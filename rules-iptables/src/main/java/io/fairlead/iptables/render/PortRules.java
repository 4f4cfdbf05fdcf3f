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
 * The rules for one Service port in one address family.
 *
 * @param listed the rules in the chains that all Services share, by chain; a chain without such rules is left out
 * @param chains the Service port's own chains in the nat table; no other Service port uses them
 */
public record PortRules(Map<DispatchChain, List<DispatchEntry>> listed, List<Chain> chains) {

    /** Copies the map and the list. */
    public PortRules {
        Map<DispatchChain, List<DispatchEntry>> copy = new EnumMap<>(DispatchChain.class);
        listed.forEach((trunk, rules) -> copy.put(trunk, List.copyOf(rules)));
        listed = Collections.unmodifiableMap(copy);
        chains = List.copyOf(chains);
    }

    /**
     * Returns all rules for a Service port.
     *
     * @param largeCluster whether most comments are left out (IPT-25)
     */
    public static PortRules of(PortPlan port, NodePlan node, RuleOptions options, boolean largeCluster) {
        return new PortRenderer(port, node, options, largeCluster).render();
    }

    /** Returns only the rules in the chains that all Services share. */
    static PortRules listedOnly(PortPlan port, NodePlan node, RuleOptions options) {
        return new PortRenderer(port, node, options, false).renderListed();
    }

    /** Returns the rules in one of the chains that all Services share. */
    public List<DispatchEntry> in(DispatchChain trunk) {
        return listed.getOrDefault(trunk, List.of());
    }
}
