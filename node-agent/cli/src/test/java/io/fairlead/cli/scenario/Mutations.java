package io.fairlead.cli.scenario;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Creates copies of a rule set, each without one rule, one jump, or one element of a set or map. */
final class Mutations {

    /**
     * A copy of a rule set without one part.
     *
     * @param lacks the place and the kind of the missing part, without names and addresses of Services, for example
     *     "IPv4 nat KUBE-SVC-*: RecentCheck -> KUBE-SEP-*"
     */
    record Mutant(String lacks, Ruleset rules) {}

    private Mutations() {}

    static Stream<Mutant> of(Ruleset rules, Iterable<IpFamily> families) {
        List<Mutant> mutants = new ArrayList<>();
        for (IpFamily family : families) {
            switch (rules) {
                case IptablesRuleset iptables -> of(iptables, family, mutants);
                case NftRuleset nftables -> of(nftables, family, mutants);
                default -> throw new IllegalArgumentException("rules of an unknown kind: " + rules.getClass());
            }
        }
        return mutants.stream();
    }

    private static void of(IptablesRuleset rules, IpFamily family, List<Mutant> mutants) {
        FamilyRules ofFamily = rules.families().get(family);
        ofFamily.tables().forEach((name, table) -> {
            table.chains()
                    .forEach((chainName, chain) -> without(chain.rules(), (rule, rest) -> {
                        SortedMap<io.fairlead.iptables.rule.ChainName, io.fairlead.iptables.rule.Chain> chains =
                                new TreeMap<>(table.chains());
                        chains.put(chainName, new io.fairlead.iptables.rule.Chain(chainName, rest, chain.origin()));
                        mutants.add(new Mutant(
                                family + " " + name.text() + " " + kind(chainName.text()) + ": " + kind(rule),
                                with(rules, ofFamily, new TableRules(name, chains, table.jumps()))));
                    }));
            for (BuiltInChain from : table.jumps().keySet()) {
                without(table.jumps(from), (rule, rest) -> {
                    SortedMap<BuiltInChain, List<io.fairlead.iptables.rule.Rule>> jumps = new TreeMap<>(table.jumps());
                    jumps.put(from, rest);
                    mutants.add(new Mutant(
                            family + " " + name.text() + " " + from + ": " + kind(rule),
                            with(rules, ofFamily, new TableRules(name, table.chains(), jumps))));
                });
            }
        });
    }

    private static Ruleset with(IptablesRuleset rules, FamilyRules family, TableRules changed) {
        SortedMap<io.fairlead.iptables.rule.Table, TableRules> tables = new TreeMap<>(family.tables());
        tables.put(changed.table(), changed);
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>(rules.families());
        families.put(family.family(), new FamilyRules(family.family(), tables));
        return new IptablesRuleset(families);
    }

    private static void of(NftRuleset rules, IpFamily family, List<Mutant> mutants) {
        Table table = rules.tables().get(family);
        table.chains()
                .forEach((name, chain) -> without(chain.rules(), (rule, rest) -> {
                    List<io.fairlead.nft.rule.Chain> chains =
                            new ArrayList<>(table.chains().values());
                    chains.remove(chain);
                    chains.add(new io.fairlead.nft.rule.Chain(name, chain.hook(), chain.comment(), rest));
                    mutants.add(new Mutant(
                            family + " chain " + kind(name.text()) + ": " + kind(rule),
                            with(rules, table, table.sets().values(), chains)));
                }));
        table.sets()
                .forEach((name, set) -> without(set.elements(), (element, rest) -> {
                    List<NamedSet> sets = new ArrayList<>(table.sets().values());
                    sets.remove(set);
                    sets.add(new NamedSet(name, set.type(), set.comment(), rest));
                    mutants.add(new Mutant(
                            family + " set " + kind(name.text()),
                            with(rules, table, sets, table.chains().values())));
                }));
    }

    private static Ruleset with(
            NftRuleset rules, Table table, Collection<NamedSet> sets, Collection<io.fairlead.nft.rule.Chain> chains) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>(rules.tables());
        tables.put(table.family(), Table.of(table.family(), table.comment(), sets, chains, table.others()));
        return new NftRuleset(tables);
    }

    /** Receives one element of a list, and the list without this element. */
    private interface Taken<T> {
        void take(T one, List<T> rest);
    }

    private static <T> void without(List<T> all, Taken<T> taken) {
        for (int i = 0; i < all.size(); i++) {
            List<T> rest = new ArrayList<>(all);
            T one = rest.remove(i);
            taken.take(one, rest);
        }
    }

    /** Returns the name of a chain or set without hashes, and without the numbers of endpoints. */
    private static String kind(String name) {
        return name.replaceAll("[A-Z2-7]{16}", "*").replaceAll("(pick)-[0-9]+", "$1-*");
    }

    /**
     * Returns a text that is equal for all rules with the same purpose: the types of the rule's matches and its target,
     * without addresses and names.
     */
    private static String kind(io.fairlead.iptables.rule.Rule rule) {
        return switch (rule) {
            case io.fairlead.iptables.rule.Rule.Known known -> {
                StringBuilder kind = new StringBuilder();
                known.matches()
                        .forEach(match ->
                                kind.append(match.getClass().getSimpleName()).append(' '));
                yield kind.append("-> ")
                        .append(
                                known.target() instanceof io.fairlead.iptables.rule.Target.Jump(var to)
                                        ? kind(to.text())
                                        : known.target().getClass().getSimpleName())
                        .toString();
            }
            case io.fairlead.iptables.rule.Rule.ForeignRule _, io.fairlead.iptables.rule.Rule.Unread _ ->
                throw new IllegalArgumentException("not ours: " + rule);
        };
    }

    /** Returns a text that is equal for all rules with the same purpose: the types of the statements. */
    private static String kind(io.fairlead.nft.rule.Rule rule) {
        StringBuilder kind = new StringBuilder();
        rule.statements()
                .forEach(statement -> kind.append(
                                statement instanceof io.fairlead.nft.rule.Statement.Decide(var verdict)
                                        ? kind(verdict.toString())
                                        : statement.getClass().getSimpleName())
                        .append(' '));
        return kind.toString().strip();
    }
}
