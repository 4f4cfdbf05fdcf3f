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
 * @param jumps for each of the kernel's chains the rules that lead to ours, in order; what others have between them is left
 *     out. Chains without such a rule are left out too
 */
public record TableRules(Table table, SortedMap<ChainName, Chain> chains, SortedMap<BuiltInChain, List<Rule>> jumps) {

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
        for (ChainName name : chains.keySet()) {
            if (!table.owns(name)) {
                throw new IllegalArgumentException("not ours in " + table.text() + ": " + name);
            }
        }
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

    /** The jumps in one of the kernel's chains. */
    public List<Rule> jumps(BuiltInChain from) {
        return jumps.getOrDefault(from, List.of());
    }
}
