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
 * Notices that tables of the legacy variant are not what we left, by their sizes. It does not notice a rule replaced
 * by another of the same length, or rules that have changed places: those are found when the rules are next read. It
 * cannot tell our rules from others', nor who it was.
 */
final class SizeWatch implements RuleWatch<TableChange> {
    private final TableSizes sizes;
    /**
     * Of the tables that were there when our rules were last read: no module is loaded for the others in vain each
     * time.
     */
    private final Map<Place, TableSizes.Size> known = new HashMap<>();
    /** What others were found to have changed while we wrote. */
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

    /** Before or after ours, in the same moment, somebody else may have written too: then the count is another one. */
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
