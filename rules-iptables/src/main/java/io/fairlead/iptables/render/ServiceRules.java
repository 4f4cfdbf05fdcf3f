package io.fairlead.iptables.render;

import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.Rule;
import java.util.List;

/**
 * What one Service port contributes to one family's rules.
 *
 * @param natServices to nat KUBE-SERVICES
 * @param natNodePorts to nat KUBE-NODEPORTS
 * @param filterServices to filter KUBE-SERVICES
 * @param filterExternal to filter KUBE-EXTERNAL-SERVICES
 * @param filterNodePorts to filter KUBE-NODEPORTS
 * @param filterFirewall to filter KUBE-PROXY-FIREWALL
 * @param chains its own chains in the nat table
 */
record ServiceRules(
        List<Rule> natServices,
        List<Rule> natNodePorts,
        List<Rule> filterServices,
        List<Rule> filterExternal,
        List<Rule> filterNodePorts,
        List<Rule> filterFirewall,
        List<Chain> chains) {

    static ServiceRules of(PortPlan port, NodePlan node, boolean largeCluster) {
        return new ServiceRendering(port, node, largeCluster).render();
    }
}
