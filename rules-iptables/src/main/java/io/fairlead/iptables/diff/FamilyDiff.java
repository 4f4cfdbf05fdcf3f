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
 * Computes the transactions for one address family, in an order in which every intermediate state is safe. A
 * transaction covers one table. Therefore, for a moment, the tables filter and nat belong to different plans. A refusal
 * is a rule in filter that rejects or drops packets to a Service address; it sees only packets that nat did not
 * translate. Therefore a new refusal must be written before nat stops translating, and an old refusal must be deleted
 * after nat starts translating. Otherwise, in between, packets to a Service address leave the node untranslated. A UDP
 * flow then continues untranslated until conntrack forgets the flow. The order is:
 *
 * <ol>
 *   <li>mangle, which only contains the canary chain;
 *   <li>filter, with the old and the new refusals together;
 *   <li>nat;
 *   <li>filter without the old refusals, if there are any and nat has changed.
 * </ol>
 */
public final class FamilyDiff {
    private static final Set<ChainName> REFUSING =
            Set.of(ChainName.SERVICES, ChainName.EXTERNAL_SERVICES, ChainName.PROXY_FIREWALL);

    private FamilyDiff() {}

    /**
     * Returns the transactions that turn the rules {@code before} into the rules {@code after}, in order; empty if
     * nothing differs.
     */
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

    /**
     * Returns the new rules together with the old chains and the old refusals. If the new rules add nothing, returns
     * the old rules unchanged.
     */
    private static TableRules withRefusalsOf(IpFamily family, TableRules before, TableRules after) {
        Map<ChainName, Chain> chains = new TreeMap<>(after.chains());
        before.chains().forEach((name, old) -> chains.merge(name, old, (now, _) -> joined(old, now)));
        TableRules both =
                TableRules.of(Table.FILTER, chains.values(), after.jumps().isEmpty() ? before.jumps() : after.jumps());
        return TableDiff.between(family, before, both).isEmpty() ? before : both;
    }

    /**
     * Returns a chain that contains the rules of both versions. If the old chain already contains all new rules,
     * returns the old chain, so that the chain is not written an additional time. A chain without refusals needs no old
     * rules: returns the new chain.
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

    /**
     * Returns whether the chain contains refusals. Branches of a dispatch tree with refusals also count, because the
     * old branches are kept together with the jumps to them.
     */
    private static boolean refuses(ChainName name) {
        return REFUSING.contains(name) || name.isBranch();
    }

    private static Set<List<Object>> keys(List<Rule> rules) {
        Set<List<Object>> keys = new HashSet<>();
        rules.forEach(rule -> keys.add(key(rule)));
        return keys;
    }

    /** Returns a key that is equal for two rules with the same effect and the same comment. */
    private static List<Object> key(Rule rule) {
        return switch (rule) {
            case Rule.Known known -> List.of(known.matches(), known.target(), known.comment());
            case Rule.Unread _ -> List.of(rule);
            case Rule.ForeignRule opaque -> List.of(opaque.text());
        };
    }
}
