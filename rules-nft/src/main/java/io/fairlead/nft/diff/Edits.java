package io.fairlead.nft.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Lines;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.ElementText;
import io.fairlead.nft.text.FamilyText;
import io.fairlead.nft.text.RuleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Converts a change into a list of added and removed lines, each with its origin. For a chain that is written again,
 * the equal rules at its beginning and at its end are not listed.
 */
public final class Edits {
    private final TableChange change;
    private final String table;
    private final List<Line> lines = new ArrayList<>();
    private final Map<ChainName, Chain> flushed = new LinkedHashMap<>();
    private final Map<ChainName, List<Rule>> written = new LinkedHashMap<>();
    private final Map<ChainName, Chain> writtenChains = new LinkedHashMap<>();

    /** A line whose text is created only when it is needed, because the lines of most changes are only counted. */
    private record Line(Edit.Sign sign, Origin origin, Supplier<String> place, Supplier<String> text) {
        private Edit edit() {
            return new Edit(sign, origin, place.get(), text.get());
        }
    }

    private Edits(TableChange change) {
        this.change = change;
        this.table = FamilyText.of(change.family()) + " " + Table.NAME;
    }

    /**
     * Returns the edits in the order of the operations. The rules come after the other operations of
     * {@link TableChange#main}.
     */
    public static Edits of(TableChange change) {
        Edits edits = new Edits(change);
        change.main().forEach(edits::operation);
        edits.rules();
        change.tidy().forEach(edits::operation);
        return edits;
    }

    /**
     * Returns the numbers of added and removed lines. Most changes contain only operations on elements. Their lines are
     * counted without creating edits.
     */
    public static Lines count(TableChange change) {
        long added = 0;
        long removed = 0;
        for (Operation operation : change.main()) {
            if (operation instanceof Operation.AddElements(var _, var elements)) {
                added += elements.size();
            } else if (operation instanceof Operation.DeleteElements(var _, var elements)) {
                removed += elements.size();
            } else {
                return of(change).lines();
            }
        }
        return change.tidy().isEmpty() ? new Lines(added, removed) : of(change).lines();
    }

    /** Returns the edits in the order of the operations, rules last. */
    public List<Edit> edits() {
        return lines.stream().map(Line::edit).toList();
    }

    /** Returns the numbers of added and removed lines. Does not create their texts. */
    public Lines lines() {
        long added = 0;
        for (Line line : lines) {
            added += line.sign == Edit.Sign.ADD ? 1 : 0;
        }
        return new Lines(added, lines.size() - added);
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.AddTable _ -> node(Edit.Sign.ADD, table, "table " + table);
            case Operation.DeleteTable(Table whole) -> {
                whole.sets().values().forEach(set -> elements(Edit.Sign.REMOVE, set, set.elements()));
                whole.chains().forEach((name, chain) -> rules(Edit.Sign.REMOVE, chain.origin(), name, chain.rules()));
                node(Edit.Sign.REMOVE, table, "table " + table);
            }
            case Operation.DeleteOther(var object) ->
                node(Edit.Sign.REMOVE, table, object.kind() + " " + object.name());
            case Operation.AddChain(Chain chain) -> add(Edit.Sign.ADD, chain.origin(), table, name(chain));
            case Operation.DeleteChain(Chain chain) -> add(Edit.Sign.REMOVE, chain.origin(), table, name(chain));
            case Operation.AddSet(NamedSet set) -> add(Edit.Sign.ADD, set.origin(), table, name(set));
            case Operation.ChangeTimeout(NamedSet before, NamedSet after) -> {
                timeout(Edit.Sign.REMOVE, before);
                timeout(Edit.Sign.ADD, after);
            }
            case Operation.DeleteSet(NamedSet set) -> {
                elements(Edit.Sign.REMOVE, set, set.elements());
                add(Edit.Sign.REMOVE, set.origin(), table, name(set));
            }
            case Operation.FlushSet(NamedSet set) -> elements(Edit.Sign.REMOVE, set, set.elements());
            case Operation.AddElements(NamedSet set, var elements) -> elements(Edit.Sign.ADD, set, elements);
            case Operation.DeleteElements(NamedSet set, var elements) -> elements(Edit.Sign.REMOVE, set, elements);
            case Operation.FlushChain(Chain chain) -> flushed.put(chain.name(), chain);
            case Operation.AddRule(Chain chain, Rule rule) -> {
                writtenChains.put(chain.name(), chain);
                written.computeIfAbsent(chain.name(), _ -> new ArrayList<>()).add(rule);
            }
        }
    }

    private void timeout(Edit.Sign sign, NamedSet map) {
        if (map.type() instanceof SetType.Affinity(int seconds, var _)) {
            add(sign, map.origin(), table + " " + name(map), "timeout " + seconds + "s");
        }
    }

    private void elements(Edit.Sign sign, NamedSet set, List<Element> elements) {
        Supplier<String> place = () -> table + " " + name(set);
        for (Element element : elements) {
            lines.add(new Line(sign, element.origin(), place, () -> ElementText.write(element)));
        }
    }

    private void rules() {
        flushed.forEach((name, chain) -> {
            List<Rule> now = written.getOrDefault(name, List.of());
            rules(Edit.Sign.REMOVE, chain.origin(), name, without(chain.rules(), now));
        });
        writtenChains.forEach((name, chain) -> {
            Chain before = flushed.get(name);
            List<Rule> now = written.getOrDefault(name, List.of());
            List<Rule> come = before == null ? now : without(now, before.rules());
            rules(Edit.Sign.ADD, chain.origin(), name, come);
        });
    }

    /** Returns {@code rules} without the rules at its start and end that are equal in {@code others}. */
    private static List<Rule> without(List<Rule> rules, List<Rule> others) {
        int shorter = Math.min(rules.size(), others.size());
        int start = 0;
        while (start < shorter && rules.get(start).equals(others.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && rules.get(rules.size() - 1 - end).equals(others.get(others.size() - 1 - end))) {
            end++;
        }
        return rules.subList(start, rules.size() - end);
    }

    private void rules(Edit.Sign sign, Origin origin, ChainName chain, List<Rule> rules) {
        IpFamily family = change.family();
        Supplier<String> place = () -> table + " chain " + chain;
        rules.forEach(rule -> lines.add(new Line(sign, origin, place, () -> RuleText.write(rule, family))));
    }

    private static String name(Chain chain) {
        return "chain " + chain.name();
    }

    private static String name(NamedSet set) {
        return (set.type().isMap() ? "map " : "set ") + set.name();
    }

    private void node(Edit.Sign sign, String place, String text) {
        add(sign, new Origin.Node(), place, text);
    }

    private void add(Edit.Sign sign, Origin origin, String place, String text) {
        lines.add(new Line(sign, origin, () -> place, () -> text));
    }
}
