package io.fairlead.explain.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of all programs on a node.
 *
 * @param tables the tables in the order of their creation, if it is known
 */
public record NodeRules(List<RuleTable> tables) {
    /** Copies the list. */
    public NodeRules {
        tables = List.copyOf(tables);
    }

    /** Returns a table; empty if there is no such table. */
    public Optional<RuleTable> table(RuleTable.Tool tool, TableFamily family, String name) {
        return tables.stream()
                .filter(table -> table.tool() == tool
                        && table.family() == family
                        && table.name().equals(name))
                .findFirst();
    }

    /** Returns these tables, followed by other tables. */
    public NodeRules and(NodeRules others) {
        List<RuleTable> all = new ArrayList<>(tables);
        all.addAll(others.tables);
        return new NodeRules(all);
    }
}
