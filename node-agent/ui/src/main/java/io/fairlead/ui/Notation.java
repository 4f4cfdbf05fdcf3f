package io.fairlead.ui;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A notation of rules: that of iptables or that of nftables.
 *
 * @param inUse whether the agent writes rules in this notation
 */
public record Notation(RuleLayout<?, ?> layout, boolean inUse) {

    /**
     * The rules of one Service.
     *
     * @param inUse whether these rules are in force on the node
     */
    record Shown(String name, boolean inUse, RuleBlock block) {}

    /** Returns the rules that a Service adds to those of the node, as {@code diff} would show them. */
    Shown shown(Plan plan, ServicePlan service) {
        SortedMap<ServiceName, ServicePlan> alone = new TreeMap<>();
        Plan without = new Plan(inThisMode(plan.ipv4()), inThisMode(plan.ipv6()), alone);
        alone.put(service.name(), service);
        Plan with = new Plan(without.ipv4(), without.ipv6(), alone);
        List<Edit> edits = difference(layout, without, with).edits().stream()
                .filter(edit -> edit.origin() instanceof Origin.Port(var port)
                        && port.service().equals(service.name()))
                .toList();
        return new Shown(layout.mode().text(), inUse, RuleBlock.of(edits));
    }

    private static <R extends Ruleset, C extends Change> ChangeReport difference(
            RuleLayout<R, C> layout, Plan without, Plan with) {
        return layout.diff(layout.render(without), layout.render(with)).report();
    }

    /** Returns the node plan as it is, except for what only the other mode has. */
    private NodePlan inThisMode(NodePlan node) {
        ProxyMode mode = layout.mode();
        if (node.mode() == mode) {
            return node;
        }
        return new NodePlan(
                node.family(),
                mode,
                node.detector(),
                node.nodePortAddresses(),
                node.masqueradeBit(),
                node.masqueradeAll(),
                mode == ProxyMode.IPTABLES && node.family() == IpFamily.IPV4 && node.localhostNodePorts(),
                node.serviceCidrs(),
                mode == ProxyMode.IPTABLES);
    }
}
