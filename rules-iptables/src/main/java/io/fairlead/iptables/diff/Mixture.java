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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table in which some origins have their rules of after, and the others theirs of before. Of trees of chains it has all branches
 * of both, and all jumps to them: rules that move from one branch to another when a branch is divided belong to several origins,
 * each of which must be found in its place of before or of after.
 */
final class Mixture {
    private static final Origin NODE = new Origin.Node();

    private final TableRules before;
    private final TableRules after;
    private final Set<Origin> chosen;
    private final boolean nodeChosen;

    Mixture(TableRules before, TableRules after, Set<Origin> chosen) {
        this.before = before;
        this.after = after;
        this.chosen = chosen;
        this.nodeChosen = chosen.contains(NODE);
    }

    TableRules rules() {
        Set<ChainName> names = new TreeSet<>(before.chains().keySet());
        names.addAll(after.chains().keySet());
        List<Chain> chains = new ArrayList<>();
        for (ChainName name : names) {
            Chain old = before.chains().get(name);
            Chain now = after.chains().get(name);
            if (name.isBranch() || (old != null && now != null)) {
                Origin origin = now == null ? NODE : now.origin();
                chains.add(new Chain(name, mixed(rules(old), rules(now)), origin));
            } else if (old != null && !chosen.contains(old.origin())) {
                chains.add(old);
            } else if (now != null && chosen.contains(now.origin())) {
                chains.add(new Chain(name, mixed(List.of(), now.rules()), now.origin()));
            }
        }
        return TableRules.of(
                after.table(),
                chains,
                new TreeMap<BuiltInChain, List<Rule>>(nodeChosen ? after.jumps() : before.jumps()));
    }

    private static List<Rule> rules(@Nullable Chain chain) {
        return chain == null ? List.of() : chain.rules();
    }

    /**
     * The others' old rules first, then the chosen ones' new rules, then the jumps to branches; the node's own rules, which come
     * last, stay last.
     */
    private List<Rule> mixed(List<Rule> old, List<Rule> now) {
        List<Rule> rules = new ArrayList<>();
        old.stream()
                .filter(rule -> !rule.origin().equals(NODE) && !chosen.contains(rule.origin()))
                .forEach(rules::add);
        now.stream()
                .filter(rule -> !rule.origin().equals(NODE) && chosen.contains(rule.origin()))
                .forEach(rules::add);
        Stream.concat(old.stream(), now.stream())
                .filter(Mixture::leadsToBranch)
                .filter(rule -> rules.stream().noneMatch(rule::sameAs))
                .forEach(rules::add);
        (nodeChosen ? now : old)
                .stream()
                        .filter(rule -> rule.origin().equals(NODE) && !leadsToBranch(rule))
                        .forEach(rules::add);
        return rules;
    }

    private static boolean leadsToBranch(Rule rule) {
        ChainName to = rule.leadsTo();
        return to != null && to.isBranch();
    }
}
