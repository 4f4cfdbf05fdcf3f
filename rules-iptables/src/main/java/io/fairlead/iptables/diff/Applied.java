package io.fairlead.iptables.diff;

import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Computes the rules that result from operations that the kernel has executed. With this, the rules need not be read
 * again.
 */
public final class Applied {
    private final SortedMap<ChainName, Chain> chains;
    private final SortedMap<BuiltInChain, List<Rule>> jumps;

    private Applied(TableRules before) {
        this.chains = new TreeMap<>(before.chains());
        this.jumps = new TreeMap<>(before.jumps());
    }

    /** Returns the rules of one family after the changes. Changes of the other family are ignored. */
    public static FamilyRules to(FamilyRules before, List<TableChange> changes) {
        SortedMap<Table, TableRules> tables = new TreeMap<>(before.tables());
        for (TableChange change : changes) {
            if (change.family() == before.family()) {
                tables.compute(
                        change.table(),
                        (table, rules) -> to(rules == null ? TableRules.empty(table) : rules, change.operations()));
            }
        }
        return new FamilyRules(before.family(), tables);
    }

    /** Returns the rules of one table after the operations. */
    static TableRules to(TableRules before, List<Operation> operations) {
        Applied applied = new Applied(before);
        operations.forEach(applied::operation);
        return new TableRules(before.table(), applied.chains, applied.jumps, before.referrers());
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.AddChain(Chain chain) -> chains.put(chain.name(), chain);
            case Operation.RewriteChain(Chain _, Chain after) -> chains.put(after.name(), after);
            case Operation.AddRules(Chain chain, List<Rule> rules) ->
                chains.computeIfPresent(
                        chain.name(), (name, old) -> new Chain(name, joined(old.rules(), rules), old.origin()));
            case Operation.DeleteChain(Chain chain) -> chains.remove(chain.name());
            case Operation.AddJump(BuiltInChain from, Rule rule) ->
                jumps.merge(from, List.of(rule), (there, added) -> joined(added, there));
            case Operation.DeleteJump(BuiltInChain from, Rule rule) ->
                jumps.computeIfPresent(from, (_, there) -> withoutFirst(there, RuleWriter.jump(rule)));
        }
    }

    private static List<Rule> joined(List<Rule> first, List<Rule> second) {
        List<Rule> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<Rule> withoutFirst(List<Rule> rules, String text) {
        List<Rule> left = new ArrayList<>(rules);
        for (int i = 0; i < left.size(); i++) {
            if (RuleWriter.jump(left.get(i)).equals(text)) {
                left.remove(i);
                return left;
            }
        }
        return left;
    }
}
