package io.fairlead.agent;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many rules of ours iptables has, and how many the last write wrote, for each family and table (MET-2). */
final class RuleCounts {
    private static final List<Table> TOLD = List.of(Table.FILTER, Table.NAT);

    /** Is told after each read and each write. */
    interface Sink {
        void rules(IpFamily family, String table, long total, long written);
    }

    private record Place(IpFamily family, Table table) {}

    private final Sink sink;
    private final Map<Place, Long> totals = new HashMap<>();

    RuleCounts(Sink sink) {
        this.sink = sink;
    }

    /** What the kernel has. */
    void read(Ruleset rules) {
        if (rules instanceof IptablesRuleset iptables) {
            iptables.families()
                    .forEach((family, tables) -> TOLD.forEach(table -> {
                        long count = count(tables.table(table));
                        totals.put(new Place(family, table), count);
                        sink.rules(family, table.text(), count, 0);
                    }));
        }
    }

    /**
     * The kernel has taken this: what a table got in several transactions counts together, and one that got nothing got
     * 0.
     */
    void applied(Change change) {
        if (change instanceof IptablesChange iptables) {
            Map<Place, Long> written = new HashMap<>();
            for (TableChange transaction : iptables.transactions()) {
                Place place = new Place(transaction.family(), transaction.table());
                if (TOLD.contains(place.table())) {
                    totals.merge(place, (long) transaction.growth(), Long::sum);
                    written.merge(place, (long) transaction.written(), Long::sum);
                }
            }
            totals.forEach((place, total) ->
                    sink.rules(place.family(), place.table().text(), total, written.getOrDefault(place, 0L)));
        }
    }

    private static long count(TableRules table) {
        long ofChains = table.chains().values().stream()
                .mapToLong(chain -> chain.rules().size())
                .sum();
        long jumps = table.jumps().values().stream().mapToLong(List::size).sum();
        return ofChains + jumps;
    }
}
