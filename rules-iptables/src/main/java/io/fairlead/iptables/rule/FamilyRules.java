package io.fairlead.iptables.rule;

import io.fairlead.core.net.IpFamily;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Fairlead's rules in all tables of one address family. */
public record FamilyRules(IpFamily family, SortedMap<Table, TableRules> tables) {

    /** Copies the map. A missing table becomes a table without rules. */
    public FamilyRules {
        Map<Table, TableRules> all = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            all.put(table, tables.getOrDefault(table, TableRules.empty(table)));
        }
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(all));
    }

    /** Returns the rules of these tables. Each table may occur at most once. */
    public static FamilyRules of(IpFamily family, TableRules... tables) {
        return new FamilyRules(
                family,
                new TreeMap<>(Arrays.stream(tables).collect(Collectors.toMap(TableRules::table, Function.identity()))));
    }

    /** Returns the rules of one table. */
    public TableRules table(Table table) {
        return Objects.requireNonNull(tables.get(table));
    }
}
