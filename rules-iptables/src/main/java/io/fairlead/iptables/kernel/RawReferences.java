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

/** Rules and maps of other programs that lead to our chains, as nf_tables reports them. */
final class RawReferences {
    private final RawTables raw;
    private final IpFamily family;

    RawReferences(RawTables raw, IpFamily family) {
        this.raw = raw;
        this.family = family;
    }

    /**
     * Removes rules that only look like ours. If a rule uses a set, iptables-nft-save (1.8.9) prints it without the
     * set, and such a rule may lead from a chain of the kernel to a chain of ours. "-D" deletes the first rule with a
     * text. So a jump is ours unless such a rule stands before it.
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

    /** Returns whether iptables may show this rule as that jump. */
    static boolean looksLike(Rule jump, RawRule rule) {
        return jump instanceof Rule.Known known
                && known.leadsTo() != null
                && rule.leadsTo().equals(known.leadsTo().text())
                && rule.comment().equals(known.comment().text());
    }

    /** Returns what leads to a chain, if it belongs to another program: "a rule in chain OTHER", "map m". */
    Optional<String> of(Table table, ChainName chain) {
        SortedMap<ChainName, String> referrers = new TreeMap<>();
        addMaps(table, referrers);
        raw.chains(family, table).stream()
                .filter(name -> !table.ownsNamed(name))
                .forEach(name -> addRules(table, name, referrers));
        return Optional.ofNullable(referrers.get(chain));
    }

    /** Adds the rules of one chain of another program or of the kernel. */
    void addRules(Table table, String chain, SortedMap<ChainName, String> referrers) {
        raw.rules(family, table, chain).forEach(rule -> add(table, rule.leadsTo(), ruleIn(chain), referrers));
    }

    void addMaps(Table table, SortedMap<ChainName, String> referrers) {
        raw.maps(family, table).stream()
                .filter(target -> table.ownsNamed(target.chain()))
                .forEach(target -> add(table, target.chain(), where(table, target.map()), referrers));
    }

    /** Returns the place of a map. A map without a name of its own belongs to one rule. */
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
