package io.fairlead.iptables.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is ours in one table of one family.
 *
 * @param jumps for each of the kernel's chains the rules that lead to ours, in order; what others have between them
 *     is left out. Chains without such a rule are left out too
 * @param referrers for each of our chains that a rule of another program leads to, where such a rule is, in words:
 *     the kernel does not delete such a chain
 */
public record TableRules(
        Table table,
        SortedMap<ChainName, Chain> chains,
        SortedMap<BuiltInChain, List<Rule>> jumps,
        SortedMap<ChainName, String> referrers) {

    /**
     * Copies the maps.
     *
     * @throws IllegalArgumentException if a chain is not one that is ours in this table
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

    /** Without rules of other programs that lead to our chains. */
    public TableRules(Table table, SortedMap<ChainName, Chain> chains, SortedMap<BuiltInChain, List<Rule>> jumps) {
        this(table, chains, jumps, new TreeMap<>());
    }

    /** Nothing of ours. */
    public static TableRules empty(Table table) {
        return new TableRules(table, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * From a list of chains.
     *
     * @throws IllegalArgumentException if two have the same name
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

    /** The same with these rules of other programs that lead to our chains. */
    public TableRules with(SortedMap<ChainName, String> otherReferrers) {
        return new TableRules(table, chains, jumps, otherReferrers);
    }

    /**
     * The same, and what cannot go of a table that is to become this one: each chain that a rule of another program
     * leads to stays, without rules. KUBE-MARK-DROP stays as it is: other programs use it to drop packets, and an empty
     * one would let them through.
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

    /** The jumps in one of the kernel's chains. */
    public List<Rule> jumps(BuiltInChain from) {
        return jumps.getOrDefault(from, List.of());
    }
}
