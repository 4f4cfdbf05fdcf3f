package io.fairlead.nft.diff;

import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the table that results from operations that the kernel has executed. With this, the table need not be read
 * again.
 */
public final class Applied {
    private Comment comment;
    private boolean there;
    private final SortedMap<SetName, NamedSet> sets;
    private final SortedMap<ChainName, Chain> chains;
    private final List<Table.OtherObject> others;
    private final Map<SetName, List<Element>> added = new HashMap<>();
    private final Map<SetName, Set<ElementKey>> removed = new HashMap<>();

    private Applied(@Nullable Table table) {
        this.there = table != null;
        this.comment = table == null ? Comment.NONE : table.comment();
        this.sets = table == null ? new TreeMap<>() : new TreeMap<>(table.sets());
        this.chains = table == null ? new TreeMap<>() : new TreeMap<>(table.chains());
        this.others = table == null ? new ArrayList<>() : new ArrayList<>(table.others());
    }

    /**
     * Returns the table after the change.
     *
     * @param table the table before the change; null if it did not exist
     * @return null if the change deleted the table
     */
    public static @Nullable Table to(@Nullable Table table, TableChange change) {
        Applied applied = new Applied(table);
        change.main().forEach(applied::operation);
        change.tidy().forEach(applied::operation);
        return applied.table(change);
    }

    /**
     * Returns one set after the change. It costs less than the whole table. The change may delete the set only if it
     * adds the set again, and must not change its time-out.
     *
     * @return null if the set exists neither before nor after the change
     */
    public static @Nullable NamedSet to(Table table, SetName name, TableChange change) {
        NamedSet set = table.sets().get(name);
        Set<ElementKey> gone = new HashSet<>();
        List<Element> come = new ArrayList<>();
        for (Operation operation : change.main()) {
            if (operation instanceof Operation.AddSet(NamedSet added)
                    && added.name().equals(name)) {
                set = added;
            } else if (operation instanceof Operation.FlushSet(NamedSet of)
                    && of.name().equals(name)) {
                set = of.declaration();
            } else if (operation instanceof Operation.DeleteElements(NamedSet of, var elements)
                    && of.name().equals(name)) {
                elements.forEach(element -> gone.add(element.key()));
            } else if (operation instanceof Operation.AddElements(NamedSet of, var elements)
                    && of.name().equals(name)) {
                come.addAll(elements);
            }
        }
        return set == null ? null : with(set, gone, come);
    }

    /** Returns a set after deletions and additions of elements. In a change, deletions come before additions. */
    private static NamedSet with(NamedSet set, Set<ElementKey> gone, List<Element> come) {
        if (gone.isEmpty() && come.isEmpty()) {
            return set;
        }
        List<Element> elements = new ArrayList<>(set.elements().size() + come.size());
        for (Element element : set.elements()) {
            if (!gone.contains(element.key())) {
                elements.add(element);
            }
        }
        elements.addAll(come);
        return set.with(elements);
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.AddTable(Comment text) -> {
                comment = there ? comment : text;
                there = true;
                others.removeIf(TableDiff::isFlag);
            }
            case Operation.DeleteTable _ -> there = false;
            case Operation.AddChain(Chain chain) -> chains.put(chain.name(), chain);
            case Operation.FlushChain(Chain chain) ->
                chains.computeIfPresent(chain.name(), (_, old) -> old.declaration());
            case Operation.DeleteChain(Chain chain) -> chains.remove(chain.name());
            case Operation.AddRule(Chain chain, Rule rule) -> {
                Chain old = Objects.requireNonNull(chains.get(chain.name()));
                List<Rule> rules = new ArrayList<>(old.rules());
                rules.add(rule);
                chains.put(chain.name(), old.with(rules));
            }
            case Operation.AddSet(NamedSet set) -> sets.put(set.name(), set);
            case Operation.ChangeTimeout(var _, NamedSet after) -> sets.put(after.name(), after);
            case Operation.DeleteSet(NamedSet set) -> sets.remove(set.name());
            case Operation.FlushSet(NamedSet set) -> sets.computeIfPresent(set.name(), (_, old) -> old.declaration());
            case Operation.AddElements(NamedSet set, List<Element> elements) ->
                added.computeIfAbsent(set.name(), _ -> new ArrayList<>()).addAll(elements);
            case Operation.DeleteElements(NamedSet set, List<Element> elements) ->
                elements.forEach(element -> removed.computeIfAbsent(set.name(), _ -> new HashSet<>())
                        .add(element.key()));
            case Operation.DeleteOther(Table.OtherObject object) -> others.remove(object);
        }
    }

    /**
     * Returns the table with its elements. In a change, elements are deleted before elements are added. Therefore all
     * changes of elements can be applied at the end.
     */
    private @Nullable Table table(TableChange change) {
        if (!there) {
            return null;
        }
        Set<SetName> touched = new HashSet<>(added.keySet());
        touched.addAll(removed.keySet());
        for (SetName name : touched) {
            NamedSet set = Objects.requireNonNull(sets.get(name));
            sets.put(name, with(set, removed.getOrDefault(name, Set.of()), added.getOrDefault(name, List.of())));
        }
        return new Table(change.family(), comment, sets, chains, others);
    }
}
