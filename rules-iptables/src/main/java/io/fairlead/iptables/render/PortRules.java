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
 * The rules that one Service port adds to one family.
 *
 * @param listed its rules in the chains that all Services share; a trunk without rules is left out
 * @param chains its own chains in the nat table; no other Service port uses them
 */
public record PortRules(Map<DispatchChain, List<DispatchEntry>> listed, List<Chain> chains) {

    /** Copies both. */
    public PortRules {
        Map<DispatchChain, List<DispatchEntry>> copy = new EnumMap<>(DispatchChain.class);
        listed.forEach((trunk, rules) -> copy.put(trunk, List.copyOf(rules)));
        listed = Collections.unmodifiableMap(copy);
        chains = List.copyOf(chains);
    }

    /** Returns all rules of a Service port, as {@link Renderer#render} renders them. */
    public static PortRules of(PortPlan port, NodePlan node, RuleOptions options, boolean largeCluster) {
        return new PortRenderer(port, node, options, largeCluster).render();
    }

    /** Returns the rules without the port's own chains. */
    static PortRules listedOnly(PortPlan port, NodePlan node, RuleOptions options) {
        return new PortRenderer(port, node, options, false).renderListed();
    }

    /** Returns its rules in one of the shared chains. */
    public List<DispatchEntry> in(DispatchChain trunk) {
        return listed.getOrDefault(trunk, List.of());
    }
}
