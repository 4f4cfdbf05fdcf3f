package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.ChainWalk;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.PathEnd;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.iptables.rule.FamilyRules;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fairlead's iptables chains, by table and name. No {@code recent} list contains the client of a traced packet. */
public final class NamedChains implements ProxyChains {
    private final Map<IpFamily, RuleStep> families = new EnumMap<>(IpFamily.class);

    /** Creates the chains of these rules, on this host. */
    public NamedChains(Map<IpFamily, FamilyRules> rules, Host host) {
        rules.forEach((family, ofFamily) -> families.put(family, new RuleStep(ofFamily, host)));
    }

    @Override
    public boolean has(IpFamily family, String table, String chain) {
        return find(family, table, chain).isPresent();
    }

    @Override
    public List<PathEnd> walk(IpFamily family, String table, String chain, Packet packet) {
        RuleStep rules = families.get(family);
        VisitedChain visited = find(family, table, chain).orElse(null);
        if (rules == null || visited == null) {
            throw new IllegalArgumentException("no chain " + chain + " in table " + table);
        }
        return ChainWalk.through(rules, visited, packet);
    }

    private Optional<VisitedChain> find(IpFamily family, String table, String chain) {
        RuleStep rules = families.get(family);
        return rules == null ? Optional.empty() : rules.named(table, chain);
    }
}
