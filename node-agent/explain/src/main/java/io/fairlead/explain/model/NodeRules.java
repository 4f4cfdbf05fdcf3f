package io.fairlead.explain.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of all programs on a node.
 *
 * @param tables in the order of their creation, as far as it is known
 */
public record NodeRules(List<RuleTable> tables) {
    /** Copies the list. */
    public NodeRules {
        tables = List.copyOf(tables);
    }

    /** Returns a table. */
    public Optional<RuleTable> table(RuleTable.Tool tool, TableFamily family, String name) {
        return tables.stream()
                .filter(table -> table.tool() == tool
                        && table.family() == family
                        && table.name().equals(name))
                .findFirst();
    }

    /** Returns these tables and others after them. */
    public NodeRules and(NodeRules others) {
        List<RuleTable> all = new ArrayList<>(tables);
        all.addAll(others.tables);
        return new NodeRules(all);
    }
}
