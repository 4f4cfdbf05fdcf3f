package io.fairlead.explain.read.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.TableFamily;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one output of iptables-save, which contains the tables of one family and variant. */
public final class SavedTables {
    private static final Map<String, Integer> PRIORITIES =
            Map.of("raw", -300, "mangle", -150, "nat", -100, "filter", 0, "security", 50);

    private final RuleTable.Tool tool;
    private final IpFamily family;
    private final Origin origin;
    private final List<RuleTable> tables = new ArrayList<>();
    private @Nullable String table;
    private final Map<String, ChainBeingRead> chains = new LinkedHashMap<>();

    private record ChainBeingRead(@Nullable BaseHook hook, List<RuleLine> rules) {}

    /** A rule that is parsed only when a packet reaches its chain. */
    private record RuleLine(String text, int number) {}

    private SavedTables(RuleTable.Tool tool, IpFamily family, Origin origin) {
        this.tool = tool;
        this.family = family;
        this.origin = origin;
    }

    /**
     * Reads the tables in an output of iptables-save.
     *
     * @param tool the variant of iptables that wrote the text
     * @throws ReadException if the text is not the output of iptables-save, or is incomplete
     */
    public static List<RuleTable> read(String text, RuleTable.Tool tool, IpFamily family, Origin origin) {
        SavedTables reader = new SavedTables(tool, family, origin);
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            reader.line(line, ++number);
        }
        if (reader.table != null) {
            throw new ReadException(number, 1, "table " + reader.table + " has no end (no line COMMIT)");
        }
        return reader.tables;
    }

    private void line(String line, int number) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        switch (text.charAt(0)) {
            case '*' -> begin(text.substring(1), number);
            case ':' -> chain(text, number);
            case '-', '[' -> rule(text, number);
            default -> {
                if (!text.equals("COMMIT")) {
                    throw new ReadException(number, 1, "not a line of iptables-save: \"" + shortened(text) + "\"");
                }
                end(number);
            }
        }
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private void begin(String name, int number) {
        if (table != null) {
            throw new ReadException(number, 1, "table " + table + " has no end (no line COMMIT)");
        }
        if (!PRIORITIES.containsKey(name)) {
            throw new ReadException(number, 2, "iptables has no table \"" + shortened(name) + "\"");
        }
        table = name;
    }

    private String requireTable(int number) {
        if (table == null) {
            throw new ReadException(number, 1, "this line belongs to no table (no line \"*filter\" before it)");
        }
        return table;
    }

    private void chain(String text, int number) {
        String of = requireTable(number);
        String[] words = text.substring(1).split("\\s+", -1);
        if (words[0].isEmpty() || words.length < 2) {
            throw new ReadException(number, 2, "not \":CHAIN POLICY [packets:bytes]\"");
        }
        chains.put(words[0], new ChainBeingRead(hook(of, words[0], !words[1].equals("DROP")), new ArrayList<>()));
    }

    /**
     * Returns the hook at which the kernel calls a chain, with the priority that Linux 6.1 uses (NF_IP_PRI_*); null if
     * the chain is not a built-in chain.
     */
    private static @Nullable BaseHook hook(String table, String chain, boolean accepts) {
        Hook hook = switch (chain) {
            case "PREROUTING" -> Hook.PREROUTING;
            case "INPUT" -> Hook.INPUT;
            case "FORWARD" -> Hook.FORWARD;
            case "OUTPUT" -> Hook.OUTPUT;
            case "POSTROUTING" -> Hook.POSTROUTING;
            default -> null;
        };
        if (hook == null) {
            return null;
        }
        BaseHook.Type type = table.equals("nat")
                ? BaseHook.Type.NAT
                : table.equals("mangle") && hook == Hook.OUTPUT ? BaseHook.Type.ROUTE : BaseHook.Type.FILTER;
        int priority = PRIORITIES.getOrDefault(table, 0);
        if (type == BaseHook.Type.NAT && (hook == Hook.INPUT || hook == Hook.POSTROUTING)) {
            priority = BaseHook.SOURCE_NAT;
        }
        return new BaseHook(hook, type, priority, accepts);
    }

    private void rule(String text, int number) {
        requireTable(number);
        String rule = text;
        if (rule.startsWith("[")) {
            int end = rule.indexOf(']');
            if (end < 0) {
                throw new ReadException(number, 1, "a counter has no end");
            }
            rule = rule.substring(end + 1).strip();
        }
        if (!rule.startsWith("-A ")) {
            throw new ReadException(number, 1, "not a rule of iptables-save (\"-A CHAIN ...\")");
        }
        int end = rule.indexOf(' ', 3);
        String chain = end < 0 ? rule.substring(3) : rule.substring(3, end);
        ChainBeingRead content = chains.get(chain);
        if (content == null) {
            throw new ReadException(number, 4, "no chain \"" + shortened(chain) + "\" in table " + table);
        }
        if (rule.chars().filter(c -> c == '"').count() % 2 == 1 && rule.indexOf('\\') < 0) {
            throw new ReadException(number, rule.lastIndexOf('"') + 1, "a quotation has no end");
        }
        content.rules().add(new RuleLine(rule, number));
    }

    private void end(int number) {
        String name = requireTable(number);
        Set<String> names = Set.copyOf(chains.keySet());
        Map<String, RuleChain> read = new LinkedHashMap<>();
        chains.forEach((chain, content) ->
                read.put(chain, new RuleChain(chain, content.hook(), () -> rules(content.rules(), names))));
        tables.add(new RuleTable(tool, TableFamily.of(family), name, read, Map.of()));
        table = null;
        chains.clear();
    }

    private List<NodeRule> rules(List<RuleLine> lines, Set<String> names) {
        List<NodeRule> rules = new ArrayList<>();
        for (RuleLine line : lines) {
            String where = origin.where(line.number(), "rule " + (rules.size() + 1));
            rules.add(RuleWords.read(line.text(), line.number(), where, family, names));
        }
        return rules;
    }
}
