package io.fairlead.iptables.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Orders one family's transactions so that every state in between is safe. A transaction covers one table, so for a
 * moment filter and nat are of different ages. A refusal in filter only meets packets that nat did not translate; so a
 * refusal that comes must come before nat stops translating, and one that goes must go after nat has begun to:
 * otherwise packets for a Service address leave the node untranslated in between, and a UDP flow goes on doing so for
 * as long as conntrack remembers it. Hence:
 *
 * <ol>
 *   <li>mangle, which only holds the canary;
 *   <li>filter, with the refusals of before and after together;
 *   <li>nat;
 *   <li>filter without the refusals of before, if there are such and nat changed.
 * </ol>
 */
public final class FamilyDiff {
    private static final Set<ChainName> REFUSING =
            Set.of(ChainName.SERVICES, ChainName.EXTERNAL_SERVICES, ChainName.PROXY_FIREWALL);

    private FamilyDiff() {}

    /** The transactions that lead from one state to another, in order; empty if nothing differs. */
    public static List<TableChange> between(FamilyRules before, FamilyRules after) {
        IpFamily family = after.family();
        List<TableChange> changes = new ArrayList<>();
        add(changes, TableDiff.between(family, before.table(Table.MANGLE), afterwards(Table.MANGLE, before, after)));
        TableChange nat = TableDiff.between(family, before.table(Table.NAT), afterwards(Table.NAT, before, after));
        TableRules filterBefore = before.table(Table.FILTER);
        TableRules filterAfter = afterwards(Table.FILTER, before, after);
        if (nat.isEmpty()) {
            add(changes, TableDiff.between(family, filterBefore, filterAfter));
            return changes;
        }
        TableRules both = withRefusalsOf(family, filterBefore, filterAfter);
        add(changes, TableDiff.between(family, filterBefore, both));
        changes.add(nat);
        add(changes, TableDiff.between(family, both, filterAfter));
        return changes;
    }

    private static TableRules afterwards(Table table, FamilyRules before, FamilyRules after) {
        return after.table(table).afterwards(before.table(table));
    }

    private static void add(List<TableChange> changes, TableChange change) {
        if (!change.isEmpty()) {
            changes.add(change);
        }
    }

    /** After, and what before has or refuses besides; if after brings nothing new, before as it is. */
    private static TableRules withRefusalsOf(IpFamily family, TableRules before, TableRules after) {
        Map<ChainName, Chain> chains = new TreeMap<>(after.chains());
        before.chains().forEach((name, old) -> chains.merge(name, old, (now, _) -> joined(old, now)));
        TableRules both =
                TableRules.of(Table.FILTER, chains.values(), after.jumps().isEmpty() ? before.jumps() : after.jumps());
        return TableDiff.between(family, before, both).isEmpty() ? before : both;
    }

    /**
     * If the old chain holds all of the new one's rules, the old one as it is, so that it need not be written twice.
     */
    private static Chain joined(Chain old, Chain now) {
        if (!refuses(now.name()) || now.sameAs(old)) {
            return now;
        }
        Set<List<Object>> nowRules = keys(now.rules());
        if (keys(old.rules()).containsAll(nowRules)) {
            return old;
        }
        List<Rule> rules = new ArrayList<>(now.rules());
        old.rules().stream().filter(rule -> !nowRules.contains(key(rule))).forEach(rules::add);
        return new Chain(now.name(), rules, now.origin());
    }

    /** True also for the branches of a tree of refusals: jumps of before stay with the branches that they lead to. */
    private static boolean refuses(ChainName name) {
        return REFUSING.contains(name) || name.isBranch();
    }

    private static Set<List<Object>> keys(List<Rule> rules) {
        Set<List<Object>> keys = new HashSet<>();
        rules.forEach(rule -> keys.add(key(rule)));
        return keys;
    }

    /** What two rules have in common that do and say the same. */
    private static List<Object> key(Rule rule) {
        return switch (rule) {
            case Rule.Known known -> List.of(known.matches(), known.target(), known.comment());
            case Rule.Unread _ -> List.of(rule);
            case Rule.ForeignRule opaque -> List.of(opaque.text());
        };
    }
}
