package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.kernel.RawTables.RawRule;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the rules and maps of other programs that jump to Fairlead's chains, as nf_tables reports them. */
final class RawReferences {
    private final RawTables raw;
    private final IpFamily family;

    RawReferences(RawTables raw, IpFamily family) {
        this.raw = raw;
        this.family = family;
    }

    /**
     * Returns the rules without the jumps that appear to belong to Fairlead but do not. These jumps, and the jumps of
     * maps to Fairlead's chains, are added to the referrers. If a rule of another program uses a set, iptables-nft-save
     * (1.8.9) prints the rule without the set. The result can look like Fairlead's jump from a built-in chain to one of
     * Fairlead's chains. "-D" deletes the first rule with a given text. Therefore a jump counts as Fairlead's unless a
     * rule with a set and the same text comes before it.
     */
    TableRules corrected(TableRules rules) {
        SortedMap<ChainName, String> referrers = new TreeMap<>(rules.referrers());
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>(rules.jumps());
        jumps.replaceAll((from, ofChain) -> {
            List<RawRule> all = raw.rules(family, rules.table(), from.name());
            List<Rule> ours = new ArrayList<>();
            for (Rule jump : ofChain) {
                if (all.stream()
                                .noneMatch(rule ->
                                        looksLike(jump, rule) && !rule.sets().isEmpty())
                        || (isFirst(jump, all) && ours.stream().noneMatch(jump::sameAs))) {
                    ours.add(jump);
                } else {
                    ChainName to = jump.leadsTo();
                    if (to != null) {
                        referrers.putIfAbsent(to, RawReferences.ruleIn(from.name()));
                    }
                }
            }
            return ours;
        });
        addMaps(rules.table(), referrers);
        return new TableRules(rules.table(), rules.chains(), jumps, referrers);
    }

    private static boolean isFirst(Rule jump, List<RawRule> all) {
        return all.stream()
                .filter(rule -> looksLike(jump, rule))
                .findFirst()
                .filter(rule -> rule.sets().isEmpty())
                .isPresent();
    }

    /** Returns whether iptables may print {@code rule} with the text of {@code jump}. */
    static boolean looksLike(Rule jump, RawRule rule) {
        return jump instanceof Rule.Known known
                && known.leadsTo() != null
                && rule.leadsTo().equals(known.leadsTo().text())
                && rule.comment().equals(known.comment().text());
    }

    /**
     * Returns the object of another program that jumps to a chain: "a rule in chain OTHER", "map m"; empty if there is
     * none.
     */
    Optional<String> of(Table table, ChainName chain) {
        SortedMap<ChainName, String> referrers = new TreeMap<>();
        addMaps(table, referrers);
        raw.chains(family, table).stream()
                .filter(name -> !table.ownsNamed(name))
                .forEach(name -> addRules(table, name, referrers));
        return Optional.ofNullable(referrers.get(chain));
    }

    /** Adds the jumps of one chain, which belongs to another program or is a built-in chain. */
    void addRules(Table table, String chain, SortedMap<ChainName, String> referrers) {
        raw.rules(family, table, chain).forEach(rule -> add(table, rule.leadsTo(), ruleIn(chain), referrers));
    }

    void addMaps(Table table, SortedMap<ChainName, String> referrers) {
        raw.maps(family, table).stream()
                .filter(target -> table.ownsNamed(target.chain()))
                .forEach(target -> add(table, target.chain(), where(table, target.map()), referrers));
    }

    /** Returns the place of a map. An anonymous map belongs to one rule; its place is the chain of that rule. */
    private String where(Table table, String map) {
        Optional<String> chain = map.startsWith("__")
                ? raw.chains(family, table).stream()
                        .filter(name -> !table.ownsNamed(name))
                        .filter(name -> raw.rules(family, table, name).stream()
                                .anyMatch(rule -> rule.sets().contains(map)))
                        .findFirst()
                : Optional.empty();
        return chain.map(RawReferences::ruleIn).orElse("map " + map);
    }

    static String ruleIn(String chain) {
        return "a rule in chain " + chain;
    }

    private static void add(Table table, String chain, String where, SortedMap<ChainName, String> referrers) {
        if (table.ownsNamed(chain)) {
            referrers.putIfAbsent(new ChainName(chain), where);
        }
    }
}
