package io.fairlead.explain.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of any program.
 *
 * @param tool which tool shows it
 * @param chains the chains by name, in the order of the tool
 * @param sets the named sets and maps by name
 */
public record RuleTable(
        Tool tool, TableFamily family, String name, Map<String, RuleChain> chains, Map<String, NamedElements> sets) {

    /** The tools that show rules. The kernel holds the rules of both variants of iptables side by side. */
    public enum Tool {
        NFT,
        /** The variant of iptables that the proxy's rules are read from. */
        IPTABLES,
        /** The other variant of iptables. */
        OTHER_IPTABLES
    }

    /** Copies the maps and keeps their order. */
    public RuleTable {
        chains = new LinkedHashMap<>(chains);
        sets = new LinkedHashMap<>(sets);
    }

    /** Returns a chain; null if there is none of this name. */
    public @Nullable RuleChain chain(String chain) {
        return chains.get(chain);
    }

    /** Returns how messages name a chain: "filter FORWARD", "inet other forward". */
    public String place(String chain) {
        return switch (tool) {
            case NFT -> family.text() + " " + name + " " + chain;
            case IPTABLES -> name + " " + chain;
            case OTHER_IPTABLES -> name + " " + chain + " of the other variant of iptables";
        };
    }
}
