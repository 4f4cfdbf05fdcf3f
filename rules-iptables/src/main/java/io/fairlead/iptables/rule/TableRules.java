package io.fairlead.iptables.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Fairlead's rules in one table of one address family.
 *
 * @param chains Fairlead's chains by name
 * @param jumps Fairlead's jumps in each built-in chain, in order. Rules of other programs between them are left out. A
 *     chain without such jumps is left out
 * @param referrers the chains of Fairlead to which a rule or map of another program jumps; the value describes that
 *     rule or map for people. The kernel does not delete such a chain
 */
public record TableRules(
        Table table,
        SortedMap<ChainName, Chain> chains,
        SortedMap<BuiltInChain, List<Rule>> jumps,
        SortedMap<ChainName, String> referrers) {

    /**
     * Copies the maps.
     *
     * @throws IllegalArgumentException if a chain does not belong to Fairlead in this table
     */
    public TableRules {
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
        SortedMap<BuiltInChain, List<Rule>> copied = new TreeMap<>();
        jumps.forEach((from, rules) -> {
            if (!rules.isEmpty()) {
                copied.put(from, List.copyOf(rules));
            }
        });
        jumps = Collections.unmodifiableSortedMap(copied);
        referrers = Collections.unmodifiableSortedMap(new TreeMap<>(referrers));
        for (ChainName name : chains.keySet()) {
            if (!table.owns(name)) {
                throw new IllegalArgumentException("not ours in " + table.text() + ": " + name);
            }
        }
    }

    /** Creates the rules of a table in which no rule of another program jumps to Fairlead's chains. */
    public TableRules(Table table, SortedMap<ChainName, Chain> chains, SortedMap<BuiltInChain, List<Rule>> jumps) {
        this(table, chains, jumps, new TreeMap<>());
    }

    /** Returns a table without rules. */
    public static TableRules empty(Table table) {
        return new TableRules(table, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * Returns a table with these chains and jumps.
     *
     * @throws IllegalArgumentException if two chains have the same name
     */
    public static TableRules of(Table table, Collection<Chain> chains, Map<BuiltInChain, List<Rule>> jumps) {
        SortedMap<ChainName, Chain> byName = new TreeMap<>();
        for (Chain chain : chains) {
            if (byName.put(chain.name(), chain) != null) {
                throw new IllegalArgumentException("two chains named " + chain.name());
            }
        }
        return new TableRules(table, byName, new TreeMap<>(jumps));
    }

    /**
     * Returns these rules with other referrers.
     *
     * @param otherReferrers as in {@link #referrers}
     */
    public TableRules with(SortedMap<ChainName, String> otherReferrers) {
        return new TableRules(table, chains, jumps, otherReferrers);
    }

    /**
     * Returns the rules in the kernel after a change from {@code before} to these rules. A chain to which a rule or map
     * of another program jumps cannot be deleted, so it stays without rules. KUBE-MARK-DROP keeps its rules: other
     * programs use this chain to drop packets, and if it were empty, those packets would pass.
     */
    public TableRules afterwards(TableRules before) {
        SortedMap<ChainName, Chain> all = new TreeMap<>(chains);
        before.referrers.keySet().forEach(name -> {
            Chain there = before.chains.get(name);
            if (there != null && !name.isShared()) {
                all.putIfAbsent(name, name.equals(ChainName.MARK_DROP) ? there : there.emptied());
            }
        });
        return new TableRules(table, all, jumps, before.referrers);
    }

    /** Returns the number of Fairlead's rules in the table. A chain that could not be read counts as one rule. */
    public int ruleCount() {
        int count = 0;
        for (Chain chain : chains.values()) {
            count += chain.rules().size();
        }
        for (List<Rule> ofChain : jumps.values()) {
            count += ofChain.size();
        }
        return count;
    }

    /** Returns Fairlead's jumps in one built-in chain. */
    public List<Rule> jumps(BuiltInChain from) {
        return jumps.getOrDefault(from, List.of());
    }
}
