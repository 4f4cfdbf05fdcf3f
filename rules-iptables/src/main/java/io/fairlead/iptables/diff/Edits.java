package io.fairlead.iptables.diff;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Edit;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Converts a transaction into a list of added and removed lines, each with its origin. A rule that is written again
 * without a difference is left out.
 */
final class Edits {
    private final String table;
    private final List<Edit> edits = new ArrayList<>();
    private final Map<BuiltInChain, List<Rule>> addedJumps = new EnumMap<>(BuiltInChain.class);
    private final Map<BuiltInChain, List<Rule>> deletedJumps = new EnumMap<>(BuiltInChain.class);
    private final SortedMap<ChainName, Operation> chains = new TreeMap<>();

    private Edits(TableChange change) {
        this.table = change.family().text() + " " + change.table().text() + " ";
    }

    /** Returns the edits: first jumps, then chains by name. */
    static List<Edit> of(TableChange change) {
        Edits edits = new Edits(change);
        change.operations().forEach(edits::sort);
        for (BuiltInChain from : BuiltInChain.values()) {
            List<Rule> deleted = edits.deletedJumps.getOrDefault(from, List.of());
            // Each jump is inserted above the jump that was inserted before it, so the order is reversed.
            List<Rule> added = edits.addedJumps.getOrDefault(from, List.of()).reversed();
            edits.compare(from.name(), deleted, added, RuleWriter::jump);
        }
        edits.chains.values().forEach(edits::chain);
        return edits.edits;
    }

    private void sort(Operation operation) {
        switch (operation) {
            case Operation.AddJump(BuiltInChain from, Rule rule) ->
                addedJumps.computeIfAbsent(from, _ -> new ArrayList<>()).add(rule);
            case Operation.DeleteJump(BuiltInChain from, Rule rule) ->
                deletedJumps.computeIfAbsent(from, _ -> new ArrayList<>()).add(rule);
            case Operation.AddChain(Chain chain) -> chains.put(chain.name(), operation);
            case Operation.RewriteChain(Chain before, Chain _) -> chains.put(before.name(), operation);
            case Operation.AddRules(Chain chain, var _) -> chains.put(chain.name(), operation);
            case Operation.DeleteChain(Chain chain) -> chains.put(chain.name(), operation);
        }
    }

    private void chain(Operation operation) {
        switch (operation) {
            case Operation.AddChain(Chain chain) -> whole(Edit.Sign.ADD, chain);
            case Operation.DeleteChain(Chain chain) -> whole(Edit.Sign.REMOVE, chain);
            case Operation.RewriteChain(Chain before, Chain after) ->
                compare(before.name().text(), before.rules(), after.rules(), RuleWriter::rule);
            case Operation.AddRules(Chain chain, List<Rule> rules) ->
                all(Edit.Sign.ADD, chain.name().text(), rules, RuleWriter::rule);
            case Operation.AddJump _, Operation.DeleteJump _ ->
                throw new IllegalStateException("not an operation on a chain: " + operation);
        }
    }

    private void whole(Edit.Sign sign, Chain chain) {
        String name = chain.name().text();
        add(sign, chain.origin(), name, "chain " + name);
        all(sign, name, chain.rules(), RuleWriter::rule);
    }

    /**
     * Compares two lists of rules by how often each text occurs. If only the order differs, all rules count as removed
     * and added.
     */
    private void compare(String chain, List<Rule> old, List<Rule> now, Function<Rule, String> writer) {
        Map<String, Integer> surplus = new HashMap<>();
        now.forEach(rule -> surplus.merge(writer.apply(rule), 1, Integer::sum));
        List<Rule> removed = new ArrayList<>();
        for (Rule rule : old) {
            if (!take(surplus, writer.apply(rule))) {
                removed.add(rule);
            }
        }
        List<Rule> added = new ArrayList<>();
        for (Rule rule : now) {
            if (take(surplus, writer.apply(rule))) {
                added.add(rule);
            }
        }
        boolean reordered = removed.isEmpty() && added.isEmpty();
        all(Edit.Sign.REMOVE, chain, reordered ? old : removed, writer);
        all(Edit.Sign.ADD, chain, reordered ? now : added, writer);
    }

    /** Removes one occurrence of this text. Returns false if there is none. */
    private static boolean take(Map<String, Integer> surplus, String text) {
        if (surplus.getOrDefault(text, 0) == 0) {
            return false;
        }
        surplus.merge(text, -1, Integer::sum);
        return true;
    }

    private void all(Edit.Sign sign, String chain, List<Rule> rules, Function<Rule, String> writer) {
        rules.forEach(rule -> add(sign, rule.origin(), chain, writer.apply(rule)));
    }

    private void add(Edit.Sign sign, Origin origin, String chain, String text) {
        edits.add(new Edit(sign, origin, table + chain, text));
    }
}
