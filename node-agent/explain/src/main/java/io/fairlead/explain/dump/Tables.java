package io.fairlead.explain.dump;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.dump.Dump.Listing;
import io.fairlead.explain.dump.Dump.Save;
import io.fairlead.explain.dump.Dump.Variant;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.RuleTable.Tool;
import io.fairlead.explain.model.TableFamily;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.read.iptables.SavedTables;
import io.fairlead.explain.read.nft.ListedTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins the tables of all outputs of a dump. nft also lists the tables of iptables' nft variant, so a chain may be in
 * two outputs. For such a chain, the output of iptables-save is used, because nft cannot show all extensions of
 * iptables. Chains and rules that iptables cannot show are taken from nft.
 */
final class Tables {
    private static final Set<String> OF_IPTABLES = Set.of("raw", "mangle", "nat", "filter", "security");

    private final Dump dump;

    Tables(Dump dump) {
        this.dump = dump;
    }

    /**
     * Parses an output of iptables-save, including tables that are not used later.
     *
     * @throws DumpException if the text is malformed
     */
    static Save save(IpFamily family, Variant variant, String text, Origin origin, String file) {
        try {
            List<RuleTable> tables = SavedTables.read(text, Tool.IPTABLES, family, origin);
            return new Save(family, variant, text, origin, tables);
        } catch (ReadException e) {
            throw new DumpException(file, origin.line(), e);
        }
    }

    /** Parses an output of nft. */
    static Listing listing(String text, Origin origin, String file) {
        try {
            return new Listing(text, origin, ListedTables.read(text, origin));
        } catch (ReadException e) {
            throw new DumpException(file, origin.line(), e);
        }
    }

    NodeRules rules() {
        List<RuleTable> saved = saved();
        List<RuleTable> tables = new ArrayList<>();
        Set<RuleTable> shown = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Listing listing : dump.listings()) {
            for (RuleTable table : listing.tables()) {
                RuleTable ofIptables = ofIptables(table, saved);
                if (ofIptables == null) {
                    tables.add(table);
                } else {
                    tables.add(joined(ofIptables, table));
                    shown.add(ofIptables);
                }
            }
        }
        // Tables that nft does not list: the legacy variant's tables, or all tables if the dump has no output of nft. A
        // packet passes them first.
        List<RuleTable> all = new ArrayList<>();
        saved.stream().filter(table -> !shown.contains(table)).forEach(all::add);
        all.addAll(tables);
        return new NodeRules(all);
    }

    private List<RuleTable> saved() {
        Variant used = dump.variant();
        List<RuleTable> saved = new ArrayList<>();
        for (Save save : dump.saves()) {
            Tool tool = save.variant() == used ? Tool.IPTABLES : Tool.OTHER_IPTABLES;
            for (RuleTable table : save.tables()) {
                saved.add(new RuleTable(tool, table.family(), table.name(), table.chains(), table.sets()));
            }
        }
        return saved;
    }

    private @org.jspecify.annotations.Nullable RuleTable ofIptables(RuleTable listed, List<RuleTable> saved) {
        if (!OF_IPTABLES.contains(listed.name())
                || (listed.family() != TableFamily.IP && listed.family() != TableFamily.IP6)) {
            return null;
        }
        Tool ofNft = dump.variant() == Variant.NFT ? Tool.IPTABLES : Tool.OTHER_IPTABLES;
        return saved.stream()
                .filter(table -> table.tool() == ofNft
                        && table.family() == listed.family()
                        && table.name().equals(listed.name()))
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the table as iptables shows it, except for two things that are taken from nft: chains that iptables does
     * not show, and rules with a named set. iptables 1.8.9 shows such a rule without the match for the set, for example
     * "ip saddr @set drop" as "-j DROP". If the numbers of rules in a chain differ, all its rules are taken from
     * iptables.
     */
    private static RuleTable joined(RuleTable saved, RuleTable listed) {
        Map<String, RuleChain> chains = new LinkedHashMap<>(saved.chains());
        listed.chains()
                .forEach((name, chain) -> chains.merge(
                        name,
                        chain,
                        (ofIptables, ofNft) -> new RuleChain(
                                name, ofIptables.hook(), () -> joined(ofIptables.rules(), ofNft.rules()))));
        return new RuleTable(saved.tool(), saved.family(), saved.name(), chains, listed.sets());
    }

    private static List<NodeRule> joined(List<NodeRule> ofIptables, List<NodeRule> ofNft) {
        if (ofIptables.size() != ofNft.size()) {
            return ofIptables;
        }
        List<NodeRule> rules = new ArrayList<>();
        for (int i = 0; i < ofNft.size(); i++) {
            rules.add(ofNft.get(i).text().contains(" @") ? ofNft.get(i) : ofIptables.get(i));
        }
        return rules;
    }
}
