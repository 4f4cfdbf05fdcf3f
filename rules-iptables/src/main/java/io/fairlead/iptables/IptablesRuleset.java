package io.fairlead.iptables;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RuleCount;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.text.RuleWriter;
import io.fairlead.iptables.trace.NamedChains;
import io.fairlead.iptables.trace.PacketTracer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Fairlead's rules in iptables and ip6tables.
 *
 * @param families the rules by family. Rendered rules contain both families. Rules that were read contain the families
 *     whose tool works (PROTO-6)
 */
public record IptablesRuleset(SortedMap<IpFamily, FamilyRules> families) implements Ruleset {

    /** The tables whose rules kube-proxy's metrics count (MET-2). */
    static final List<Table> COUNTED = List.of(Table.FILTER, Table.NAT);

    /** Copies the map. */
    public IptablesRuleset {
        families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
    }

    /** Returns a ruleset of these families. Each family may occur at most once. */
    public static IptablesRuleset of(FamilyRules... families) {
        SortedMap<IpFamily, FamilyRules> byFamily = new TreeMap<>();
        Arrays.stream(families).forEach(rules -> byFamily.put(rules.family(), rules));
        return new IptablesRuleset(byFamily);
    }

    /**
     * Returns the rules of both families as inputs for iptables-restore and ip6tables-restore. Before each input, a
     * line names the program.
     */
    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        families.forEach((family, rules) -> {
            out.append("# ")
                    .append(family == IpFamily.IPV4 ? "iptables" : "ip6tables")
                    .append('\n');
            RuleWriter.write(rules, out);
        });
        return out.toString();
    }

    @Override
    public List<RuleCount> counts() {
        List<RuleCount> counts = new ArrayList<>();
        families.forEach((family, rules) -> COUNTED.forEach(table -> counts.add(
                new RuleCount(family, table.text(), rules.table(table).ruleCount()))));
        return counts;
    }

    @Override
    public Tracer tracer(Host host) {
        return new PacketTracer(families, host);
    }

    @Override
    public ProxyChains chains(Host host) {
        return new NamedChains(families, host);
    }
}
