package io.fairlead.iptables.diff;

import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A table in which some origins have their rules of after, and the others theirs of before. */
final class Mixture {
    private final TableRules before;
    private final TableRules after;
    private final Set<Origin> chosen;
    private final boolean nodeChosen;

    Mixture(TableRules before, TableRules after, Set<Origin> chosen) {
        this.before = before;
        this.after = after;
        this.chosen = chosen;
        this.nodeChosen = chosen.contains(new Origin.Node());
    }

    TableRules rules() {
        Set<ChainName> names = new TreeSet<>(before.chains().keySet());
        names.addAll(after.chains().keySet());
        List<Chain> chains = new ArrayList<>();
        for (ChainName name : names) {
            Chain old = before.chains().get(name);
            Chain now = after.chains().get(name);
            if (now == null && old != null) {
                if (!chosen.contains(old.origin())) {
                    chains.add(old);
                }
            } else if (now != null && old == null) {
                if (chosen.contains(now.origin())) {
                    chains.add(new Chain(name, mixed(List.of(), now.rules()), now.origin()));
                }
            } else if (now != null && old != null) {
                chains.add(new Chain(name, mixed(old.rules(), now.rules()), now.origin()));
            }
        }
        return TableRules.of(
                after.table(),
                chains,
                new TreeMap<BuiltInChain, List<Rule>>(nodeChosen ? after.jumps() : before.jumps()));
    }

    /** The others' old rules first, then the chosen ones' new rules; the node's own rules, which come last, stay last. */
    private List<Rule> mixed(List<Rule> old, List<Rule> now) {
        List<Rule> rules = new ArrayList<>();
        Origin node = new Origin.Node();
        old.stream()
                .filter(rule -> !rule.origin().equals(node) && !chosen.contains(rule.origin()))
                .forEach(rules::add);
        now.stream()
                .filter(rule -> !rule.origin().equals(node) && chosen.contains(rule.origin()))
                .forEach(rules::add);
        (nodeChosen ? now : old)
                .stream().filter(rule -> rule.origin().equals(node)).forEach(rules::add);
        return rules;
    }
}
