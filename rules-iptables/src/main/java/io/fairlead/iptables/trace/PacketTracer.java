package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.PacketWalk;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.iptables.rule.FamilyRules;
import java.util.EnumMap;
import java.util.Map;

/**
 * Traces packets through the rules of both address families. No {@code recent} list contains the client of a traced
 * packet.
 */
public final class PacketTracer implements Tracer {
    private final Map<IpFamily, PacketWalk<VisitedChain>> walks = new EnumMap<>(IpFamily.class);

    /** Creates a tracer through these rules, on this host. */
    public PacketTracer(Map<IpFamily, FamilyRules> rules, Host host) {
        rules.forEach((family, ofFamily) -> walks.put(family, new PacketWalk<>(new RuleStep(ofFamily, host), host)));
    }

    @Override
    public Trace trace(Flow flow) {
        PacketWalk<VisitedChain> walk = walks.get(flow.from().family());
        if (walk == null) {
            throw new UnknownRuleException("iptables", flow.text(), "address family (no rules were read for it)");
        }
        return walk.trace(flow);
    }
}
