package io.fairlead.iptables.render;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.List;

/** Renders the rules that check the source ranges of one Service port (IPT-16, LBF-4). */
final class SourceRangeRules {
    private SourceRangeRules() {}

    /**
     * Returns the rules of the firewall chain of a Service port.
     *
     * @param allowed the chain to which packets from an allowed source jump
     */
    static List<Rule> of(PortPlan port, ChainName allowed) {
        String name = port.name().text();
        List<Rule> rules = new ArrayList<>();
        for (Cidr range : port.allowedSources().ranges()) {
            rules.add(from(port, range, allowed));
        }
        if (port.nodeInSourceRanges()) {
            for (Frontend frontend : port.frontends()) {
                if (frontend instanceof Frontend.LoadBalancerIp vip) {
                    rules.add(from(port, Cidr.ofHost(vip.ip()), allowed));
                }
            }
        }
        Comment others =
                Comment.nearest("other traffic to " + name + " will be dropped by " + ChainName.PROXY_FIREWALL);
        rules.add(new Rule.Known(List.of(), new Target.Nothing(), others, port.origin()));
        return rules;
    }

    private static Rule from(PortPlan port, Cidr source, ChainName allowed) {
        return new Rule.Known(
                List.of(new Match.Source(source, false)),
                new Target.Jump(allowed),
                Comment.nearest(port.name().text() + " loadbalancer IP"),
                port.origin());
    }
}
