package io.fairlead.iptables.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Edit;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What a person should read of a table's change: rules that come and go, not those that are only written again. */
final class Edits {
    private final IpFamily family;
    private final TableRules before;
    private final TableRules after;
    private final List<Edit> edits = new ArrayList<>();

    Edits(IpFamily family, TableRules before, TableRules after) {
        this.family = family;
        this.before = before;
        this.after = after;
    }

    List<Edit> edits() {
        for (BuiltInChain from : BuiltInChain.values()) {
            compare(
                    from.name(),
                    before.jumps(from).stream()
                            .filter(rule -> !isSurplusShared(from, rule))
                            .toList(),
                    after.jumps(from),
                    RuleWriter::jump);
        }
        Set<ChainName> names = new TreeSet<>(before.chains().keySet());
        names.addAll(after.chains().keySet());
        names.forEach(this::compare);
        return edits;
    }

    /** Jumps to the shared chain that kubelet may need stay, whether we want them or not. */
    private boolean isSurplusShared(BuiltInChain from, Rule rule) {
        return TableDiff.leadsToShared(rule) && after.jumps(from).stream().noneMatch(rule::sameAs);
    }

    private void compare(ChainName name) {
        Chain old = before.chains().get(name);
        Chain now = after.chains().get(name);
        if ((name.isShared() && now == null) || (old != null && now != null && now.sameAs(old))) {
            return;
        }
        if (old == null || now == null) {
            Chain only = old == null ? now : old;
            if (only != null) {
                add(old == null ? Edit.Sign.ADD : Edit.Sign.REMOVE, only.origin(), name.text(), "chain " + name);
                only.rules()
                        .forEach(rule -> add(
                                old == null ? Edit.Sign.ADD : Edit.Sign.REMOVE,
                                rule.origin(),
                                name.text(),
                                RuleWriter.rule(rule)));
            }
            return;
        }
        compare(name.text(), old.rules(), now.rules(), RuleWriter::rule);
    }

    /** Counts equal lines; if only their order differs, everything goes and comes. */
    private void compare(String chain, List<Rule> old, List<Rule> now, Function<Rule, String> writer) {
        Map<String, Integer> surplus = new HashMap<>();
        now.forEach(rule -> surplus.merge(writer.apply(rule), 1, Integer::sum));
        List<Rule> removed = new ArrayList<>();
        for (Rule rule : old) {
            String text = writer.apply(rule);
            if (surplus.getOrDefault(text, 0) > 0) {
                surplus.merge(text, -1, Integer::sum);
            } else {
                removed.add(rule);
            }
        }
        List<Rule> added = new ArrayList<>();
        for (Rule rule : now) {
            String text = writer.apply(rule);
            if (surplus.getOrDefault(text, 0) > 0) {
                surplus.merge(text, -1, Integer::sum);
                added.add(rule);
            }
        }
        boolean reordered =
                removed.isEmpty() && added.isEmpty() && !texts(old, writer).equals(texts(now, writer));
        (reordered ? old : removed).forEach(rule -> add(Edit.Sign.REMOVE, rule.origin(), chain, writer.apply(rule)));
        (reordered ? now : added).forEach(rule -> add(Edit.Sign.ADD, rule.origin(), chain, writer.apply(rule)));
    }

    private static List<String> texts(List<Rule> rules, Function<Rule, String> writer) {
        return rules.stream().map(writer).toList();
    }

    private void add(Edit.Sign sign, Origin origin, String chain, String text) {
        edits.add(new Edit(sign, origin, family.text() + " " + after.table().text() + " " + chain, text));
    }
}
