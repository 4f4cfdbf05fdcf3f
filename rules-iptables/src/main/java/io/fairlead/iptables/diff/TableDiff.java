package io.fairlead.iptables.diff;

import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the input of iptables-restore (with --noflush) that turns one table's rules into others.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>Only chains that differ are declared, which flushes them, and written again; the others are not mentioned.
 *   <li>Chains are declared from the last name to the first: iptables-nft-restore 1.8.9 keeps them in a sorted list that it
 *       searches from the beginning for each new one, so 20,000 of them in any other order take it four times as long.
 *   <li>Chains that vanish are flushed with the others and deleted at the end, when nothing leads to them any more (IPT-23).
 *   <li>Jumps in the kernel's chains are ours if they are word for word what we write. As many of the
 *       last wanted ones as are there in order stay; the others are deleted by their text and put on top, so that the order
 *       among ours is kube-proxy's and foreign rules stay where they are.
 *   <li>The chain shared with kubelet is never flushed: what is missing is added to it, or to the kernel's chains that should
 *       lead to it, and nothing is taken away.
 * </ol>
 */
final class TableDiff {
    private static final Origin NODE = new Origin.Node();

    /** Rules to be put at the end of a chain. */
    private record Written(ChainName chain, List<Rule> rules) {
        private Stream<Line> lines() {
            return rules.stream().map(rule -> new Line("-A " + chain + " " + RuleWriter.rule(rule), rule.origin()));
        }
    }

    private final TableRules before;
    private final TableRules after;
    private final List<Line> declarations = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final List<Line> jumps = new ArrayList<>();
    private final List<Line> deletions = new ArrayList<>();

    TableDiff(TableRules before, TableRules after) {
        this.before = before;
        this.after = after;
    }

    /** What the table holds when the input has been taken. */
    static TableRules result(TableRules before, TableRules after) {
        SortedMap<ChainName, Chain> chains = new TreeMap<>(after.chains());
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>(after.jumps());
        before.chains().forEach((name, old) -> {
            Chain now = after.chains().get(name);
            if (name.isShared()) {
                chains.put(name, now == null ? old : new Chain(name, with(old.rules(), now.rules()), old.origin()));
            } else if (now != null && now.sameAs(old)) {
                chains.put(name, old);
            }
        });
        before.jumps().forEach((from, rules) -> {
            List<Rule> kept = rules.stream().filter(TableDiff::leadsToShared).toList();
            jumps.put(from, with(kept, after.jumps(from)));
        });
        return new TableRules(after.table(), chains, jumps, before.referrers());
    }

    /** These, and those that are not among them. */
    private static List<Rule> with(List<Rule> these, List<Rule> those) {
        List<Rule> all = new ArrayList<>(these);
        those.stream().filter(rule -> these.stream().noneMatch(rule::sameAs)).forEach(all::add);
        return all;
    }

    /** True if there is nothing to write; does not write anything to find out. */
    boolean isEmpty() {
        for (Chain chain : before.chains().values()) {
            if (!after.chains().containsKey(chain.name()) && !chain.name().isShared()) {
                return false;
            }
        }
        for (Chain chain : after.chains().values()) {
            Chain there = before.chains().get(chain.name());
            if (there == null || differs(chain, there)) {
                return false;
            }
        }
        for (BuiltInChain from : BuiltInChain.values()) {
            jumps(from);
        }
        return jumps.isEmpty();
    }

    /** The input line by line; the many lines of rules are made one by one, as they are taken. To be called once. */
    Stream<Line> lines() {
        RuleWriter.inReadingOrder(after).forEach(this::chain);
        for (Chain chain : before.chains().values()) {
            if (!after.chains().containsKey(chain.name()) && !chain.name().isShared()) {
                declarations.add(new Line(RuleWriter.declaration(chain.name()), chain.origin()));
                deletions.add(new Line("-X " + chain.name(), chain.origin()));
            }
        }
        for (BuiltInChain from : BuiltInChain.values()) {
            jumps(from);
        }
        return assemble();
    }

    private Stream<Line> assemble() {
        if (declarations.isEmpty() && written.isEmpty() && jumps.isEmpty() && deletions.isEmpty()) {
            return Stream.empty();
        }
        declarations.sort((one, other) -> other.text().compareTo(one.text()));
        return Stream.of(
                        Stream.of(new Line("*" + after.table().text(), NODE)),
                        declarations.stream(),
                        written.stream().flatMap(Written::lines),
                        jumps.stream(),
                        deletions.stream(),
                        Stream.of(new Line("COMMIT", NODE)))
                .flatMap(Function.identity());
    }

    private void chain(Chain wanted) {
        Chain there = before.chains().get(wanted.name());
        if (there == null || (!wanted.name().isShared() && differs(wanted, there))) {
            declarations.add(new Line(RuleWriter.declaration(wanted.name()), wanted.origin()));
            written.add(new Written(wanted.name(), wanted.rules()));
        } else if (wanted.name().isShared()) {
            written.add(new Written(wanted.name(), missing(wanted, there)));
        }
    }

    private static boolean differs(Chain wanted, Chain there) {
        return wanted.name().isShared() ? !missing(wanted, there).isEmpty() : !wanted.sameAs(there);
    }

    private static List<Rule> missing(Chain wanted, Chain there) {
        return wanted.rules().stream()
                .filter(rule -> there.rules().stream().noneMatch(rule::sameAs))
                .toList();
    }

    private void jumps(BuiltInChain from) {
        List<Rule> there =
                before.jumps(from).stream().filter(rule -> !leadsToShared(rule)).toList();
        List<Rule> wanted =
                after.jumps(from).stream().filter(rule -> !leadsToShared(rule)).toList();
        Set<Integer> kept = kept(there, wanted);
        for (int i = 0; i < there.size(); i++) {
            if (!kept.contains(i)) {
                Rule rule = there.get(i);
                jumps.add(new Line("-D " + from + " " + RuleWriter.jump(rule), rule.origin()));
            }
        }
        for (Rule rule : wanted.subList(0, wanted.size() - kept.size()).reversed()) {
            jumps.add(new Line("-I " + from + " " + RuleWriter.jump(rule), rule.origin()));
        }
        for (Rule rule : after.jumps(from).reversed()) {
            if (leadsToShared(rule) && before.jumps(from).stream().noneMatch(rule::sameAs)) {
                jumps.add(new Line("-I " + from + " " + RuleWriter.jump(rule), rule.origin()));
            }
        }
    }

    /**
     * Which of the rules that are there stay: as many of the last wanted ones as are there in this order, so that the rest can
     * go on top. Unless all of them are: none if one is there twice, since "-D" takes the first of equals, whichever was meant.
     */
    private static Set<Integer> kept(List<Rule> there, List<Rule> wanted) {
        Set<Integer> kept = new HashSet<>();
        if (endWith(wanted, there)) {
            IntStream.range(0, there.size()).forEach(kept::add);
            return kept;
        }
        if (there.stream().map(RuleWriter::jump).distinct().count() < there.size()) {
            return kept;
        }
        int at = there.size() - 1;
        for (Rule rule : wanted.reversed()) {
            while (at >= 0 && !there.get(at).sameAs(rule)) {
                at--;
            }
            if (at < 0) {
                return kept;
            }
            kept.add(at--);
        }
        return kept;
    }

    private static boolean endWith(List<Rule> wanted, List<Rule> there) {
        int more = wanted.size() - there.size();
        return more >= 0
                && IntStream.range(0, there.size()).allMatch(i -> there.get(i).sameAs(wanted.get(more + i)));
    }

    static boolean leadsToShared(Rule rule) {
        return switch (rule) {
            case Rule.Known known -> known.target() instanceof Target.Jump(ChainName chain) && chain.isShared();
            case Rule.ForeignRule(String text, Origin _) -> text.endsWith(" " + ChainName.KUBELET_FIREWALL);
        };
    }
}
