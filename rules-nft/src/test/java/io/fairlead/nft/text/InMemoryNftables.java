package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.rule.Verdict;
import java.io.Serial;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An implementation of Fairlead's tables in memory. It executes the commands that Fairlead writes. It refuses the same
 * commands as the kernel: the addition of an existing object, a command on a missing object, and the deletion of an
 * object to which another object refers. The same tests run against this class and against the kernel.
 */
public final class InMemoryNftables implements Nftables {
    private static final Pattern COMMAND = Pattern.compile(
            "(add|delete|flush) (table|chain|rule|set|map|element) (ip6?) " + "kube-proxy(?: (\\S+))?(?: (.*))?");

    private Map<IpFamily, Draft> tables = new EnumMap<>(IpFamily.class);

    /** One table while a transaction changes it. */
    private static final class Draft {
        private final IpFamily family;
        private Comment comment = Comment.NONE;
        private final TreeMap<SetName, NamedSet> sets = new TreeMap<>();
        private final TreeMap<ChainName, Chain> chains = new TreeMap<>();

        Draft(IpFamily family) {
            this.family = family;
        }

        Draft copy() {
            Draft copy = new Draft(family);
            copy.comment = comment;
            copy.sets.putAll(sets);
            copy.chains.putAll(chains);
            return copy;
        }
    }

    /** Thrown if a command is refused. */
    private static final class Refusal extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final int line;

        Refusal(int line, String reason) {
            super(reason);
            this.line = line;
        }
    }

    @Override
    public Answer apply(Transaction transaction) {
        Map<IpFamily, Draft> next = new EnumMap<>(IpFamily.class);
        tables.forEach((family, draft) -> next.put(family, draft.copy()));
        List<String> lines = transaction.text().lines().toList();
        try {
            for (int i = 0; i < lines.size(); i++) {
                i = command(next, lines, i);
            }
            next.values().forEach(InMemoryNftables::checkReferences);
        } catch (Refusal refusal) {
            String message = "/dev/stdin:%d:1-9: Error: Could not process rule: %s%n"
                    .formatted(refusal.line + 1, refusal.getMessage());
            return io.fairlead.nft.kernel.Refusal.read(message, transaction);
        }
        tables = next;
        return new Answer.Done();
    }

    /** Returns empty, as for a map that does not exist. No packet passes through these rules, so there is no client. */
    @Override
    public Optional<List<Client>> clients(IpFamily family, SetName map) {
        return Optional.empty();
    }

    @Override
    public Optional<ReadTable> read(IpFamily family) {
        return Optional.ofNullable(tables.get(family))
                .map(draft -> new Table(family, draft.comment, draft.sets, draft.chains, List.of()))
                // Writes and parses the table, so that its objects have the origins that a reader finds from their
                // comments.
                .map(table -> new ReadTable(TableText.parse(TableText.write(table)), Map.of()));
    }

    /** Executes the command that starts at line {@code at}. Returns the index of the last line of the command. */
    private static int command(Map<IpFamily, Draft> tables, List<String> lines, int at) {
        Matcher matcher = COMMAND.matcher(lines.get(at));
        if (!matcher.matches()) {
            throw new AssertionError("not a command of ours: " + lines.get(at));
        }
        IpFamily family = matcher.group(3).equals("ip") ? IpFamily.IPV4 : IpFamily.IPV6;
        String verb = matcher.group(1);
        String rest = Optional.ofNullable(matcher.group(5)).orElse("");
        if (matcher.group(2).equals("table")) {
            table(tables, family, verb, lines.get(at), at);
            return at;
        }
        Draft table = tables.get(family);
        if (table == null) {
            throw missing(at);
        }
        switch (matcher.group(2)) {
            case "chain" -> chain(table, verb, new ChainName(matcher.group(4)), rest, at);
            case "rule" -> rule(table, new ChainName(matcher.group(4)), rest, at);
            case "set", "map" ->
                set(table, verb, matcher.group(2).equals("map"), new SetName(matcher.group(4)), rest, at);
            case "element" -> {
                return elements(table, verb, new SetName(matcher.group(4)), lines, at);
            }
            default -> throw new AssertionError(lines.get(at));
        }
        return at;
    }

    private static void table(Map<IpFamily, Draft> tables, IpFamily family, String verb, String line, int at) {
        if (verb.equals("delete")) {
            if (tables.remove(family) == null) {
                throw missing(at);
            }
            return;
        }
        tables.computeIfAbsent(family, Draft::new).comment = comment(line);
    }

    private static void chain(Draft table, String verb, ChainName name, String rest, int at) {
        Chain chain = table.chains.get(name);
        if (chain == null && !verb.equals("add")) {
            throw missing(at);
        }
        switch (verb) {
            case "add" -> {
                Chain added = new Chain(name, hook(rest), comment(rest), List.of());
                if (chain != null && !chain.declaration().equals(added)) {
                    throw new Refusal(at, "Operation not supported");
                }
                table.chains.putIfAbsent(name, added);
            }
            case "flush" -> table.chains.put(name, chain.declaration());
            default -> {
                if (!chain.rules().isEmpty() || verdicts(table).anyMatch(verdict -> leadsTo(verdict, name))) {
                    throw busy(at);
                }
                table.chains.remove(name);
            }
        }
    }

    private static void rule(Draft table, ChainName name, String text, int at) {
        Chain chain = table.chains.get(name);
        if (chain == null) {
            throw missing(at);
        }
        Rule rule = RuleText.parse(text, table.family);
        if (rule.isForeign()) {
            throw new AssertionError("not a rule that Fairlead writes: " + text);
        }
        boolean known = rule.statements().stream()
                .flatMap(statement -> statement.sets().stream())
                .allMatch(table.sets::containsKey);
        if (!known) {
            throw missing(at);
        }
        List<Rule> rules = new ArrayList<>(chain.rules());
        rules.add(rule);
        table.chains.put(name, new Chain(name, chain.hook(), chain.comment(), rules));
    }

    private static void set(Draft table, String verb, boolean map, SetName name, String rest, int at) {
        NamedSet set = table.sets.get(name);
        switch (verb) {
            case "add" -> {
                List<String> lines = Stream.of(rest.replaceAll("^\\{ | }$", "").split("; ?"))
                        .filter(line -> !line.startsWith("comment "))
                        .toList();
                SetType type = SetTypeText.parse(map, lines, table.family);
                if (type instanceof SetType.Foreign) {
                    throw new AssertionError("not a set that Fairlead writes: " + rest);
                }
                if (set != null && !set.type().equals(type)) {
                    throw new Refusal(at, "File exists");
                }
                table.sets.putIfAbsent(name, new NamedSet(name, type, comment(rest), List.of()));
            }
            case "flush" -> table.sets.computeIfPresent(name, (_, old) -> old.declaration());
            default -> {
                if (set == null) {
                    throw missing(at);
                }
                boolean used = table.chains.values().stream()
                        .flatMap(chain -> chain.rules().stream())
                        .flatMap(rule -> rule.statements().stream())
                        .anyMatch(statement -> statement.sets().contains(name));
                if (used) {
                    throw busy(at);
                }
                table.sets.remove(name);
            }
        }
    }

    private static int elements(Draft table, String verb, SetName name, List<String> lines, int at) {
        NamedSet set = table.sets.get(name);
        if (set == null) {
            throw missing(at);
        }
        int end = at + 1;
        while (!lines.get(end).equals("}")) {
            end++;
        }
        TreeMap<ElementKey, Element> elements = new TreeMap<>();
        set.elements().forEach(element -> elements.put(element.key(), element));
        for (int i = at + 1; i < end; i++) {
            String line = lines.get(i);
            if (verb.equals("add")) {
                Element element =
                        ElementText.parse(set.type(), line, 0, line.length()).getFirst();
                Element there = elements.putIfAbsent(element.key(), element);
                if (there != null && !there.equals(element)) {
                    throw new Refusal(i, "File exists");
                }
            } else {
                String key = line.substring(0, line.length() - 1);
                if (!elements.keySet().removeIf(other -> text(other).equals(key))) {
                    throw missing(i);
                }
            }
        }
        table.sets.put(name, new NamedSet(name, set.type(), set.comment(), List.copyOf(elements.values())));
        return end;
    }

    private static String text(ElementKey key) {
        StringBuilder text = new StringBuilder();
        ElementText.writeKey(key, text);
        return text.toString();
    }

    private static void checkReferences(Draft table) {
        verdicts(table).forEach(verdict -> {
            boolean known = table.chains.keySet().stream().anyMatch(name -> leadsTo(verdict, name));
            if ((verdict instanceof Verdict.Goto || verdict instanceof Verdict.Jump) && !known) {
                throw missing(0);
            }
        });
    }

    private static Stream<Verdict> verdicts(Draft table) {
        Stream<Verdict> ofElements = table.sets.values().stream()
                .flatMap(set -> set.elements().stream())
                .map(Element::data)
                .filter(Verdict.class::isInstance)
                .map(Verdict.class::cast);
        Stream<Verdict> ofRules = table.chains.values().stream()
                .flatMap(chain -> chain.rules().stream())
                .flatMap(rule -> rule.statements().stream())
                .filter(Statement.Decide.class::isInstance)
                .map(statement -> ((Statement.Decide) statement).verdict());
        return Stream.concat(ofElements, ofRules);
    }

    private static boolean leadsTo(Verdict verdict, ChainName name) {
        return verdict.equals(new Verdict.Goto(name)) || verdict.equals(new Verdict.Jump(name));
    }

    private static Comment comment(String text) {
        Matcher matcher = Pattern.compile("comment \"([^\"]*)\"").matcher(text);
        return matcher.find() ? new Comment(matcher.group(1)) : Comment.NONE;
    }

    /**
     * Parses the hook in a command; null if there is none. Uses the reader of listings, because commands and listings
     * have the same form.
     */
    private static Hook hook(String rest) {
        Matcher matcher = Pattern.compile("type .*; policy \\w+;").matcher(rest);
        return matcher.find()
                ? TableText.parse("table ip kube-proxy {\n\tchain c {\n\t\t" + matcher.group() + "\n\t}\n}\n")
                        .chains()
                        .firstEntry()
                        .getValue()
                        .hook()
                : null;
    }

    private static Refusal missing(int line) {
        return new Refusal(line, "No such file or directory");
    }

    private static Refusal busy(int line) {
        return new Refusal(line, "Device or resource busy");
    }
}
