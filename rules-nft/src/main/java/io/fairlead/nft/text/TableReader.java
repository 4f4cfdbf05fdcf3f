package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the listing of one table, line by line. Long lists of elements are parsed without copying them. */
final class TableReader {
    private static final Pattern HEAD = Pattern.compile("table (ip6?) (\\S+) \\{");
    private static final Pattern HOOK = Pattern.compile(
            "type (filter|nat|route) hook (prerouting|input|forward|output|postrouting) priority (-?\\d+);"
                    + "(?: policy (accept|drop);)?");
    private static final String ELEMENTS = "elements = {";

    private final String text;
    private int position;

    private Comment comment = Comment.NONE;
    private final List<NamedSet> sets = new ArrayList<>();
    private final List<Chain> chains = new ArrayList<>();
    private final List<Table.OtherObject> others = new ArrayList<>();

    TableReader(String text) {
        this.text = text;
    }

    Table read() {
        Matcher head = HEAD.matcher(nextLine());
        if (!head.matches() || !head.group(2).equals(Table.NAME)) {
            throw unknown("table", text.lines().findFirst().orElse(""), "listing");
        }
        IpFamily family = head.group(1).equals("ip") ? IpFamily.IPV4 : IpFamily.IPV6;
        for (String line = nextLine(); !line.equals("}"); line = nextLine()) {
            if (line.startsWith("comment ")) {
                comment = quoted(line);
            } else if (line.endsWith("{")) {
                object(line, family);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                others.add(new Table.OtherObject("flags", new SetName(line.replaceAll("[^a-z]", "_"))));
            }
        }
        try {
            return Origins.assigned(Table.of(family, comment, sets, chains, others));
        } catch (IllegalStateException e) {
            throw unknown("table", String.valueOf(e.getMessage()), "listing");
        }
    }

    /**
     * Reads an object. If its name is not a name that nft accepts as input, the object is left out, as it is when the
     * table is read by netlink. Only a program that uses netlink itself can have written such an object.
     */
    private void object(String line, IpFamily family) {
        try {
            if (line.startsWith("set ")) {
                sets.add(set(false, word(line, 1), family));
            } else if (line.startsWith("map ")) {
                sets.add(set(true, word(line, 1), family));
            } else if (line.startsWith("chain ")) {
                chains.add(chain(word(line, 1), family));
            } else {
                others.add(other(line));
            }
        } catch (IllegalArgumentException _) {
            // The whole object was passed, because its name is checked last.
        }
    }

    private NamedSet set(boolean map, String name, IpFamily family) {
        List<String> declaration = new ArrayList<>();
        Comment ofSet = Comment.NONE;
        int start = -1;
        int end = -1;
        for (String line = nextLine(); !line.equals("}"); line = nextLine()) {
            if (line.startsWith(ELEMENTS)) {
                start = text.lastIndexOf(ELEMENTS, position) + ELEMENTS.length();
                end = closingBrace(start);
                position = end;
                nextLine();
            } else if (line.startsWith("comment ")) {
                ofSet = quoted(line);
            } else if (!line.isEmpty()) {
                declaration.add(withoutNote(line));
            }
        }
        SetName named = new SetName(name);
        SetType type = SetTypeText.parse(map, declaration, family);
        if (start < 0 || type instanceof SetType.Affinity || type instanceof SetType.Foreign) {
            return new NamedSet(named, type, ofSet, List.of());
        }
        try {
            List<Element> elements = ElementText.parse(type, text, start, end);
            return new NamedSet(named, type, ofSet, elements);
        } catch (NotOursException | IllegalArgumentException e) {
            SetType foreign = new SetType.Foreign(map, String.join("\n", declaration));
            return new NamedSet(named, foreign, ofSet, List.of());
        }
    }

    /**
     * Returns the line without a note. nft 1.1.7 appends the number of elements to the size of a set, after a tab:
     * {@code size 65536<TAB># count 8}.
     */
    private static String withoutNote(String line) {
        int note = line.indexOf("\t#");
        return note < 0 ? line : line.substring(0, note);
    }

    private Chain chain(String name, IpFamily family) {
        @Nullable Hook hook = null;
        Comment ofChain = Comment.NONE;
        List<Rule> rules = new ArrayList<>();
        for (String line = nextLine(); !line.equals("}"); line = nextLine()) {
            if (line.startsWith("comment ")) {
                ofChain = quoted(line);
            } else if (line.startsWith("type ")) {
                hook = hook(line, rules);
            } else if (!line.isEmpty()) {
                rules.add(RuleText.parse(wholeRule(line), family));
            }
        }
        return new Chain(new ChainName(name), hook, ofChain, rules);
    }

    /**
     * Parses a hook. If Fairlead does not know its kind (for example a hook for a network device), returns an arbitrary
     * hook. In this case, a foreign rule is added, so that the chain counts as foreign.
     */
    private static Hook hook(String line, List<Rule> rules) {
        Matcher matcher = HOOK.matcher(line);
        if (!matcher.matches()) {
            rules.add(Rule.of(new Statement.ForeignRule(line)));
            return new Hook(Hook.Type.FILTER, Hook.Point.PREROUTING, Integer.MAX_VALUE);
        }
        return new Hook(
                Hook.Type.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Hook.Point.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                Integer.parseInt(matcher.group(3)),
                !"drop".equals(matcher.group(4)));
    }

    /** Returns the text of a whole rule. nft splits a rule that contains a long anonymous set into several lines. */
    private String wholeRule(String line) {
        StringBuilder rule = new StringBuilder(line);
        while (depth(rule) > 0) {
            rule.append(' ').append(nextLine());
        }
        return rule.toString();
    }

    private Table.OtherObject other(String line) {
        int depth = 1;
        String head = line.substring(0, line.length() - 1).trim();
        while (depth > 0) {
            depth += depth(nextLine());
        }
        int blank = head.lastIndexOf(' ');
        return new Table.OtherObject(head.substring(0, Math.max(0, blank)), new SetName(head.substring(blank + 1)));
    }

    private static int depth(CharSequence rule) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < rule.length(); i++) {
            char c = rule.charAt(i);
            quoted ^= c == '"';
            if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}') {
                depth--;
            }
        }
        return depth;
    }

    private int closingBrace(int start) {
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '}') {
                return i;
            }
        }
        throw unknown("table", "elements without an end", "listing");
    }

    private String nextLine() {
        if (position >= text.length()) {
            throw unknown("table", "a listing without an end", "listing");
        }
        int end = text.indexOf('\n', position);
        String line = text.substring(position, end < 0 ? text.length() : end).trim();
        position = end < 0 ? text.length() : end + 1;
        return line;
    }

    private static String word(String line, int index) {
        return line.split(" ", -1)[index];
    }

    private static Comment quoted(String line) {
        int first = line.indexOf('"');
        int last = line.lastIndexOf('"');
        return first < 0 || first == last ? Comment.NONE : Comment.nearest(line.substring(first + 1, last));
    }

    private static UnknownRuleException unknown(String where, String rule, String what) {
        return new UnknownRuleException(where, rule, what);
    }
}
