package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Describes Fairlead's chains and jumps that cannot be deleted because rules of other programs refer to them. */
final class Leftovers {
    private Leftovers() {}

    /**
     * Returns a sentence for each of Fairlead's chains and jumps in these rules, except the chain that is shared with
     * kubelet and the jumps to it.
     */
    static List<String> of(IptablesRuleset rules) {
        List<String> sentences = new ArrayList<>();
        rules.families()
                .forEach((family, ofFamily) -> ofFamily.tables()
                        .values()
                        .forEach(table -> sentences.addAll(chains(family, table, _ -> true))));
        rules.families()
                .forEach((family, ofFamily) ->
                        ofFamily.tables().values().forEach(table -> jumps(family, table, sentences)));
        return sentences;
    }

    private static void jumps(IpFamily family, TableRules table, List<String> sentences) {
        table.jumps()
                .forEach((from, jumps) -> jumps.stream()
                        .filter(jump -> !ChainName.KUBELET_FIREWALL.equals(jump.leadsTo()))
                        .forEach(jump -> sentences.add("cannot delete the jump from " + from + " to " + jump.leadsTo()
                                + " in " + place(family, table.table()))));
    }

    /** Returns a sentence for every chain that no plan contains and to which a rule of another program jumps. */
    static List<String> unused(IpFamily family, FamilyRules rules) {
        List<String> sentences = new ArrayList<>();
        rules.tables().values().forEach(table -> sentences.addAll(unused(family, table)));
        return sentences;
    }

    static List<String> unused(IpFamily family, TableRules table) {
        return chains(
                family, table, chain -> isUnused(chain) && table.referrers().containsKey(chain.name()));
    }

    private static List<String> chains(IpFamily family, TableRules table, Predicate<Chain> chosen) {
        return table.chains().values().stream()
                .filter(chain -> !chain.name().isShared() && chosen.test(chain))
                .map(chain -> staying(family, table, chain))
                .toList();
    }

    /**
     * Returns whether no plan contains the chain. In a plan, a chain of a Service port and a branch of a dispatch tree
     * are never empty.
     */
    private static boolean isUnused(Chain chain) {
        ChainName name = chain.name();
        return name.equals(ChainName.MARK_DROP)
                || ((name.isOfService() || name.isBranch()) && chain.rules().isEmpty());
    }

    private static String staying(IpFamily family, TableRules table, Chain chain) {
        String referrer = table.referrers()
                .getOrDefault(chain.name(), "a rule or map of another program that iptables does not show");
        return "cannot delete chain " + chain.name() + " in " + place(family, table.table()) + ": " + referrer
                + " leads to it; the chain stays" + (chain.rules().isEmpty() ? " without rules" : "");
    }

    private static String place(IpFamily family, Table table) {
        return family.text() + " table " + table.text();
    }
}
