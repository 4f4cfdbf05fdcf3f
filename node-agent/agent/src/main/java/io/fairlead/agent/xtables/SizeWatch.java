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
 * Finds changes by other programs in the tables of legacy iptables, by comparing the sizes of the tables. It does not
 * find the replacement of a rule by a rule of the same length, or a different order of rules; the next read of the
 * rules finds these changes. It cannot distinguish Fairlead's rules from other rules, and does not know which program
 * made a change.
 */
final class SizeWatch implements RuleWatch<TableChange> {
    private final TableSizes sizes;
    /**
     * The last known sizes of the tables that existed when the rules were last read. The sizes of other tables are not
     * requested, because each request would make the kernel load a module for nothing.
     */
    private final Map<Place, TableSizes.Size> known = new HashMap<>();
    /** The tables that other programs have changed since the last call of {@link #poll}. */
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
     * Records the new size of a table after Fairlead's transaction. If another program changed the table at about the
     * same time, the number of entries differs from the expected number.
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
