package io.fairlead.explain.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that any program may have written.
 *
 * @param tool the tool whose output contains the table
 * @param chains the chains by name, in the order of the tool's output
 * @param sets the named sets and maps by name
 */
public record RuleTable(
        Tool tool, TableFamily family, String name, Map<String, RuleChain> chains, Map<String, NamedElements> sets) {

    /** The tools that show rules. The kernel can have rules of both variants of iptables at the same time. */
    public enum Tool {
        NFT,
        /** The variant of iptables that the proxy uses. */
        IPTABLES,
        /** The variant of iptables that the proxy does not use. */
        OTHER_IPTABLES
    }

    /** Copies the maps and keeps their order. */
    public RuleTable {
        chains = new LinkedHashMap<>(chains);
        sets = new LinkedHashMap<>(sets);
    }

    /** Returns a chain; null if there is no chain with this name. */
    public @Nullable RuleChain chain(String chain) {
        return chains.get(chain);
    }

    /** Returns the name of a chain for messages, for example "filter FORWARD" or "inet other forward". */
    public String place(String chain) {
        return switch (tool) {
            case NFT -> family.text() + " " + name + " " + chain;
            case IPTABLES -> name + " " + chain;
            case OTHER_IPTABLES -> name + " " + chain + " of the other variant of iptables";
        };
    }
}
