package io.fairlead.nft.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.ChainWalk;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.PathEnd;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Table;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chains of Fairlead's tables, by name. No affinity map contains the client of a traced packet. */
public final class NamedChains implements ProxyChains {
    private final Map<IpFamily, Table> tables;
    private final Map<IpFamily, RuleStep> steps = new EnumMap<>(IpFamily.class);

    /** Creates the chains of these tables, on this host. */
    public NamedChains(Map<IpFamily, Table> tables, Host host) {
        this.tables = Map.copyOf(tables);
        tables.forEach((family, table) -> steps.put(family, new RuleStep(table, host)));
    }

    @Override
    public boolean has(IpFamily family, String table, String chain) {
        return chain(family, table, chain) != null;
    }

    @Override
    public List<PathEnd> walk(IpFamily family, String table, String chain, Packet packet) {
        RuleStep rules = steps.get(family);
        Chain visited = chain(family, table, chain);
        if (rules == null || visited == null) {
            throw new IllegalArgumentException("no chain " + chain + " in table " + table);
        }
        return ChainWalk.through(rules, visited, packet);
    }

    /** Returns one of Fairlead's chains; null if there is none. Other programs may use names that nft refuses. */
    private @Nullable Chain chain(IpFamily family, String table, String chain) {
        Table ours = tables.get(family);
        return ours != null && table.equals(Table.NAME) && ChainName.isAccepted(chain)
                ? ours.chains().get(new ChainName(chain))
                : null;
    }
}
