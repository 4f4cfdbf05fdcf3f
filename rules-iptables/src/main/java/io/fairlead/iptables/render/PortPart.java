package io.fairlead.iptables.render;

import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.Rule;
import java.util.List;

/**
 * What one Service port contributes to one family's rules, as far as it matters when it changes.
 *
 * @param shared its rules in chains that all Services share, by chain; their order among those of others is that of the names
 *     of ports
 * @param chains its own chains in the nat table; no other port has one of them
 */
public record PortPart(List<List<Rule>> shared, List<Chain> chains) {

    /** Copies the lists. */
    public PortPart {
        shared = shared.stream().map(List::copyOf).toList();
        chains = List.copyOf(chains);
    }

    /** Rendered as {@link Renderer#render} does it. */
    public static PortPart of(NodePlan node, PortPlan port, boolean largeCluster) {
        ServiceRules rules = ServiceRules.of(port, node, largeCluster);
        return new PortPart(
                List.of(
                        rules.natServices(),
                        rules.natNodePorts(),
                        rules.filterServices(),
                        rules.filterExternal(),
                        rules.filterNodePorts(),
                        rules.filterFirewall()),
                rules.chains());
    }
}
