package io.fairlead.agent.xtables;

import io.fairlead.agent.xtables.TableSizes.Place;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds by their sizes that tables of the legacy variant have changed since our last write. It does not find a rule
 * that was replaced by one of the same length, or rules in another order. The next reading of the rules finds those. It
 * distinguishes neither our rules from others nor the programs that wrote them.
 */
final class SizeWatch implements RuleWatch<TableChange> {
    private final TableSizes sizes;
    /**
     * The sizes of the tables that existed when our rules were last read. Other tables are not requested, because each
     * request would load the module of a table in vain.
     */
    private final Map<Place, TableSizes.Size> known = new HashMap<>();
    /** The tables that other programs changed while we wrote. */
    private final Set<Place> suspects = new TreeSet<>();

    SizeWatch(TableSizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public void reading() {
        known.clear();
        suspects.clear();
        for (IpFamily family : IpFamily.values()) {
            for (Table table : Table.values()) {
                Place place = new Place(family, table);
                sizes.of(place).ifPresent(now -> known.put(place, now));
            }
        }
    }

    /**
     * Another program may have written just before or after our transaction; then the count differs from the expected
     * one.
     */
    @Override
    public void committed(TableChange transaction) {
        Place place = new Place(transaction.family(), transaction.table());
        TableSizes.Size before = known.get(place);
        if (before != null) {
            sizes.of(place).ifPresent(now -> {
                known.put(place, now);
                transaction.growthInEntries().stream()
                        .filter(growth -> now.entries() - before.entries() != growth)
                        .forEach(_ -> suspects.add(place));
            });
        }
    }

    @Override
    public Optional<Notice.ChangedByOthers> poll() {
        known.replaceAll((place, before) -> {
            TableSizes.Size now = sizes.of(place).orElse(before);
            if (!now.equals(before)) {
                suspects.add(place);
            }
            return now;
        });
        if (suspects.isEmpty()) {
            return Optional.empty();
        }
        Notice.ChangedByOthers changed = new Notice.ChangedByOthers(
                "", 0, suspects.stream().map(Place::text).toList());
        suspects.clear();
        return Optional.of(changed);
    }

    @Override
    public void close() {
        sizes.close();
    }
}
