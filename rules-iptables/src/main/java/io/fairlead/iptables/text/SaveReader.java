package io.fairlead.iptables.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.JumpRules;
import io.fairlead.iptables.rule.KubeletFirewall;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads Fairlead's rules from the output of iptables-save (1.8.9, both variants) or of {@link RuleWriter#write}. For
 * rules of other programs, only the target chain is read, because the kernel does not delete a chain to which a rule
 * jumps. The conditions of these rules are not reliable: the nft variant leaves out conditions that iptables does not
 * know (1.8.9 prints "ip saddr @set drop" as "-j DROP"). In the chain that is shared with kubelet, only known rules
 * count as Fairlead's.
 */
public final class SaveReader {
    private static final Map<String, BuiltInChain> BUILT_IN =
            Stream.of(BuiltInChain.values()).collect(Collectors.toMap(BuiltInChain::name, Function.identity()));
    private static final Map<String, Table> TABLES =
            Stream.of(Table.values()).collect(Collectors.toMap(Table::text, Function.identity()));
    private static final String LEFT_OUT = " is incompatible, use 'nft' tool.";
    private static final Origin UNDECIDED = new Origin.Node();

    /** The rules of one table that were read so far. */
    static final class TableBeingRead {
        final Map<ChainName, List<Rule>> chains = new TreeMap<>();
        final Map<BuiltInChain, List<Rule>> jumps = new EnumMap<>(BuiltInChain.class);
        final SortedMap<ChainName, String> referrers = new TreeMap<>();

        List<Rule> rules(ChainName name) {
            return chains.getOrDefault(name, List.of());
        }
    }

    private final RuleReader rules;
    private final Map<Table, TableBeingRead> tables = new EnumMap<>(Table.class);
    private @Nullable Table current;

    private SaveReader(IpFamily family) {
        this.rules = new RuleReader(family);
    }

    /** Returns Fairlead's rules in this text. */
    public static FamilyRules read(IpFamily family, String text) {
        SaveReader reader = new SaveReader(family);
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                reader.line(text.substring(start, end));
            }
            start = end + 1;
        }
        return new Origins(reader.tables).assign(family);
    }

    /**
     * Returns the tables that the text leaves out although they exist in the kernel. iptables-nft-save (1.8.9) leaves
     * out a whole table if the table contains something that it cannot show. It reports this in a comment and exits
     * with status 0.
     */
    public static Set<Table> leftOut(String text) {
        Set<Table> leftOut = EnumSet.noneOf(Table.class);
        int at = text.indexOf(LEFT_OUT);
        while (at >= 0) {
            String line = text.substring(text.lastIndexOf('\n', at) + 1, at);
            TABLES.forEach((name, table) -> {
                if (line.startsWith("# ") && line.endsWith("`" + name + "'")) {
                    leftOut.add(table);
                }
            });
            at = text.indexOf(LEFT_OUT, at + 1);
        }
        return leftOut;
    }

    private void line(String line) {
        switch (line.charAt(0)) {
            case '*' -> current = TABLES.get(line.substring(1));
            case ':' -> chain(line);
            case '-' -> rule(line);
            default -> {}
        }
    }

    private void chain(String line) {
        if (current != null && line.startsWith(":KUBE-")) {
            int end = line.indexOf(' ');
            ownName(line.substring(1, end < 0 ? line.length() : end));
        }
    }

    /**
     * Returns the list of rules of a chain, and registers the chain if it is new. Returns null if the chain does not
     * belong to Fairlead.
     */
    private @Nullable List<Rule> ownName(String text) {
        if (current == null) {
            return null;
        }
        ChainName name;
        try {
            name = rules.name(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return current.owns(name)
                ? tables.computeIfAbsent(current, _ -> new TableBeingRead())
                        .chains
                        .computeIfAbsent(name, _ -> new ArrayList<>())
                : null;
    }

    private void rule(String line) {
        if (current == null || !line.startsWith("-A ") || !line.contains("KUBE-")) {
            return;
        }
        int end = line.indexOf(' ', 3);
        String chain = line.substring(3, end < 0 ? line.length() : end);
        BuiltInChain builtIn = BUILT_IN.get(chain);
        if (builtIn != null && jump(current, builtIn, line, end + 1)) {
            return;
        }
        List<Rule> ofChain = builtIn == null ? ownName(chain) : null;
        if (ofChain == null) {
            foreign(current, chain, line);
            return;
        }
        Rule rule = end < 0 ? rules.read("", 0, UNDECIDED) : rules.read(line, end + 1, UNDECIDED);
        if (!chain.equals(ChainName.KUBELET_FIREWALL.text()) || KubeletFirewall.isKnown(rule)) {
            ofChain.add(rule);
        } else {
            foreign(current, chain, line);
        }
    }

    private void foreign(Table table, String chain, String line) {
        String target = leadsTo(line);
        if (target != null && table.ownsNamed(target)) {
            tables.computeIfAbsent(table, _ -> new TableBeingRead())
                    .referrers
                    .putIfAbsent(new ChainName(target), "a rule in chain " + chain);
        }
    }

    /**
     * Reads a rule of a built-in chain as a jump. Returns whether the jump belongs to Fairlead. It belongs to Fairlead
     * only if its text is the text that Fairlead writes, because "-D" with that text must delete it.
     */
    private boolean jump(Table table, BuiltInChain from, String line, int start) {
        Rule rule = rules.read(line, start, UNDECIDED);
        boolean ours =
                JumpRules.isOurs(table, from, rule) && RuleWriter.jump(rule).equals(line.substring(start));
        if (ours) {
            tables.computeIfAbsent(table, _ -> new TableBeingRead())
                    .jumps
                    .computeIfAbsent(from, _ -> new ArrayList<>())
                    .add(rule);
        }
        return ours;
    }

    private static @Nullable String leadsTo(String line) {
        Tokens words = Tokens.of(line, 0);
        while (words.more()) {
            String word = words.take();
            if (word.equals("-j") || word.equals("-g")) {
                return words.take();
            }
            if (word.equals("--comment")) {
                words.take();
            }
        }
        return null;
    }
}
