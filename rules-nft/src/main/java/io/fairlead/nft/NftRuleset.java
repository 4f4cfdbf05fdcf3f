package io.fairlead.nft;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import io.fairlead.nft.trace.NamedChains;
import io.fairlead.nft.trace.PacketTracer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fairlead's tables in both address families.
 *
 * @param tables the existing tables, by family
 */
public record NftRuleset(SortedMap<IpFamily, Table> tables) implements Ruleset {

    /** The ruleset without tables: the state of the kernel before the first sync. */
    public static final NftRuleset NONE = new NftRuleset(new TreeMap<>());

    /** Copies the map. */
    public NftRuleset {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /** Returns the table of one family; null if it does not exist. */
    public @Nullable Table table(IpFamily family) {
        return tables.get(family);
    }

    /** Returns a text that {@code nft -f} can load on a machine on which these tables do not exist. */
    @Override
    public String text() {
        return tables.values().stream().map(TableText::write).collect(Collectors.joining());
    }

    @Override
    public Tracer tracer(Host host) {
        return new PacketTracer(tables, host);
    }

    @Override
    public ProxyChains chains(Host host) {
        return new NamedChains(tables, host);
    }
}
