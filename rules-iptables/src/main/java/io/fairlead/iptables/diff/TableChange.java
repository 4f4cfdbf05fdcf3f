package io.fairlead.iptables.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Edit;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One transaction: one table of one family from one state to another.
 *
 * @param before what is ours in the table now
 * @param after what shall be
 */
public record TableChange(IpFamily family, TableRules before, TableRules after) {

    /** The table. */
    public Table table() {
        return before.table();
    }

    /** True if the kernel has nothing to do. */
    public boolean isEmpty() {
        return new TableDiff(before, after).isEmpty();
    }

    /** The input of iptables-restore, line by line; empty if nothing differs. */
    public List<Line> lines() {
        return new TableDiff(before, after).lines().toList();
    }

    /**
     * The same text in portions that are made while somebody takes them: all lines of a large cluster together are larger than the
     * rules that they are made from.
     */
    public Iterable<String> portions() {
        return () -> new TableDiff(before, after)
                .lines()
                .map(line -> line.text() + '\n')
                .iterator();
    }

    /** The input of iptables-restore as text; "" if nothing differs. */
    public String text() {
        StringBuilder text = new StringBuilder();
        portions().forEach(text::append);
        return text.toString();
    }

    /**
     * The same in several transactions, if there are more than this many new chains of Services: those first, chains before the
     * chains that lead to them, so that nothing leads to any of them until the last transaction, which is the rest.
     */
    public List<TableChange> parts(int chains) {
        if (newChains() <= chains) {
            return List.of(this);
        }
        SortedMap<ChainName.Kind, List<Chain>> byKind = new TreeMap<>(Comparator.reverseOrder());
        after.chains().values().stream()
                .filter(this::isNew)
                .forEach(chain -> byKind.computeIfAbsent(kind(chain), _ -> new ArrayList<>())
                        .add(chain));
        List<Chain> fresh = byKind.values().stream().flatMap(List::stream).toList();
        SortedMap<ChainName, Chain> there = new TreeMap<>(before.chains());
        List<TableChange> parts = new ArrayList<>();
        for (int from = 0; from < fresh.size(); from += chains) {
            List<Chain> part = new ArrayList<>(fresh.subList(from, Math.min(from + chains, fresh.size())));
            Chain mark = after.chains().get(ChainName.MARK_MASQ);
            if (mark != null && !there.containsKey(mark.name())) {
                part.add(mark);
            }
            part.forEach(chain -> there.put(chain.name(), chain));
            parts.add(new TableChange(family, TableRules.empty(table()), TableRules.of(table(), part, Map.of())));
        }
        parts.add(new TableChange(family, new TableRules(table(), there, before.jumps()), after));
        return parts;
    }

    /** How many chains of Services there are afterwards that have not been there. */
    public int newChains() {
        return (int) after.chains().values().stream().filter(this::isNew).count();
    }

    private boolean isNew(Chain chain) {
        return chain.name().isOfService() && !before.chains().containsKey(chain.name());
    }

    private static ChainName.Kind kind(Chain chain) {
        return Arrays.stream(ChainName.Kind.values())
                .filter(chain.name()::is)
                .findFirst()
                .orElseThrow();
    }

    /** Every rule that comes or goes. */
    public List<Edit> edits() {
        return new Edits(family, before, after).edits();
    }

    /**
     * By how many entries, as the kernel counts them, the table grows: one for each rule, and for each chain its beginning and
     * its end.
     */
    public int growth() {
        TableRules shared = shared(before);
        return entriesOfOwnChains(after)
                - entriesOfOwnChains(before)
                + entries(TableDiff.result(shared, shared(after)))
                - entries(shared);
    }

    private static int entriesOfOwnChains(TableRules rules) {
        int entries = 0;
        for (Chain chain : rules.chains().values()) {
            entries += chain.name().isShared() ? 0 : entries(chain);
        }
        return entries;
    }

    private static int entries(Chain chain) {
        return 2 + chain.rules().size();
    }

    /** What is written by other rules than that it shall be as it is afterwards: a chain and jumps that are others' too. */
    private static TableRules shared(TableRules rules) {
        Chain chain = rules.chains().get(ChainName.KUBELET_FIREWALL);
        return TableRules.of(rules.table(), chain == null ? List.of() : List.of(chain), rules.jumps());
    }

    private static int entries(TableRules few) {
        int entries = 0;
        for (Chain chain : few.chains().values()) {
            entries += entries(chain);
        }
        for (List<Rule> jumps : few.jumps().values()) {
            entries += jumps.size();
        }
        return entries;
    }

    /**
     * The part of this change that takes neither a chain nor a jump away: a chain that is to go is emptied, jumps that are to go stay.
     * What it adds and rewrites does not depend on whether the kernel, or iptables, can take away the rest.
     */
    public TableChange additive() {
        SortedMap<ChainName, Chain> chains = new TreeMap<>(after.chains());
        before.chains().forEach((name, there) -> {
            if (!name.isShared()) {
                chains.putIfAbsent(name, there.emptied());
            }
        });
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>();
        for (BuiltInChain from : BuiltInChain.values()) {
            List<Rule> there = before.jumps(from);
            List<Rule> all = new ArrayList<>(after.jumps(from));
            all.removeIf(rule -> there.stream().anyMatch(rule::sameAs));
            all.addAll(there);
            jumps.put(from, all);
        }
        return new TableChange(family, before, new TableRules(table(), chains, jumps));
    }

    /** What {@link #additive} leaves over, in parts that can be tried one by one: jumps of one of the kernel's chains, or one chain. */
    public List<TableChange> removals() {
        TableRules all = additive().after();
        List<TableChange> parts = new ArrayList<>();
        for (BuiltInChain from : BuiltInChain.values()) {
            TableChange part = new TableChange(family, only(from, all.jumps(from)), only(from, after.jumps(from)));
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        all.chains().forEach((name, chain) -> {
            if (!after.chains().containsKey(name)) {
                parts.add(new TableChange(
                        family, TableRules.of(table(), List.of(chain), Map.of()), TableRules.empty(table())));
            }
        });
        return parts;
    }

    private TableRules only(BuiltInChain from, List<Rule> jumps) {
        return TableRules.of(table(), List.of(), Map.of(from, jumps));
    }

    /** Several changes of different chains of one table as one transaction. */
    public static TableChange joined(List<TableChange> parts) {
        TableChange first = parts.getFirst();
        return new TableChange(
                first.family,
                union(first.table(), parts.stream().map(TableChange::before).toList()),
                union(first.table(), parts.stream().map(TableChange::after).toList()));
    }

    /** The same without some of its {@link #removals}. */
    public TableChange less(List<TableChange> removals) {
        List<TableRules> rules = new ArrayList<>(List.of(after));
        removals.forEach(removal -> rules.add(removal.before));
        return new TableChange(family, before, union(table(), rules));
    }

    private static TableRules union(Table table, List<TableRules> some) {
        SortedMap<ChainName, Chain> chains = new TreeMap<>();
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>();
        some.forEach(rules -> {
            chains.putAll(rules.chains());
            jumps.putAll(rules.jumps());
        });
        return new TableRules(table, chains, jumps);
    }

    /** The way back. */
    public TableChange inverse() {
        return new TableChange(family, after, before);
    }

    /** Whose rules come or go. */
    public SortedSet<Origin> origins() {
        SortedSet<Origin> origins = new TreeSet<>();
        edits().forEach(edit -> origins.add(edit.origin()));
        return origins;
    }

    /**
     * The part of this change that concerns some origins only: what belongs to others stays as it is before. Chains that all
     * Services share take those Services' rules from after and the others' from before.
     */
    public TableChange only(Set<Origin> chosen) {
        return new TableChange(family, before, new Mixture(before, after, chosen).rules());
    }
}
