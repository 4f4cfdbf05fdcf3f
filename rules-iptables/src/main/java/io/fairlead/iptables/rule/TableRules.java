package io.fairlead.iptables.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Our rules in one table of one family.
 *
 * @param jumps our jumps in each chain of the kernel, in order; rules of other programs between them are left out, and
 *     so are chains without our jumps
 * @param referrers for each of our chains that a rule of another program leads to, the place of that rule in words; the
 *     kernel does not delete such a chain
 */
public record TableRules(
        Table table,
        SortedMap<ChainName, Chain> chains,
        SortedMap<BuiltInChain, List<Rule>> jumps,
        SortedMap<ChainName, String> referrers) {

    /**
     * Copies the maps.
     *
     * @throws IllegalArgumentException if a chain is not ours in this table
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

    /** Rules without references by other programs. */
    public TableRules(Table table, SortedMap<ChainName, Chain> chains, SortedMap<BuiltInChain, List<Rule>> jumps) {
        this(table, chains, jumps, new TreeMap<>());
    }

    /** Returns a table without rules of ours. */
    public static TableRules empty(Table table) {
        return new TableRules(table, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * Returns the rules with these chains.
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

    /** Returns the rules with these references by other programs. */
    public TableRules with(SortedMap<ChainName, String> otherReferrers) {
        return new TableRules(table, chains, jumps, otherReferrers);
    }

    /**
     * Returns the rules that the kernel has after a change from {@code before} to these. A chain that a rule of another
     * program leads to cannot be deleted, and stays without rules. KUBE-MARK-DROP keeps its rules: other programs use
     * it to drop packets, and if it were empty they would pass.
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

    /** Returns the number of our rules in the table. */
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

    /** Returns our jumps in one chain of the kernel. */
    public List<Rule> jumps(BuiltInChain from) {
        return jumps.getOrDefault(from, List.of());
    }
}
