package io.fairlead.iptables.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the operations that turn the rules of one table into other rules.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>If a chain differs, the whole chain is written. A chain that does not differ is not mentioned.
 *   <li>A jump in a built-in chain belongs to Fairlead only if its text is exactly the text that Fairlead writes. The
 *       jumps at the end of the wanted list are kept, as many as already exist in the right order. The other existing
 *       jumps are deleted, and the missing jumps are inserted at the top. As a result, Fairlead's jumps have the order
 *       of kube-proxy, and rules of other programs keep their places.
 *   <li>A chain whose rules could not be read is written as a whole. When the change is reverted, this chain is not
 *       changed again, because its old rules are unknown.
 *   <li>The chain that is shared with kubelet is never emptied. Missing rules are added to it, and missing jumps to it
 *       are added to the built-in chains. Nothing is deleted.
 * </ol>
 */
public final class TableDiff {
    private final TableRules before;
    private final TableRules after;
    private final List<Operation> operations = new ArrayList<>();

    private TableDiff(TableRules before, TableRules after) {
        this.before = before;
        this.after = after;
    }

    /**
     * Returns the transaction that turns the rules {@code before} into the rules {@code after}. The transaction has no
     * operations if nothing differs.
     */
    public static TableChange between(IpFamily family, TableRules before, TableRules after) {
        TableDiff diff = new TableDiff(before, after);
        diff.writtenChains();
        diff.deletedChains();
        for (BuiltInChain from : BuiltInChain.values()) {
            diff.jumps(from);
        }
        return new TableChange(family, before, diff.operations);
    }

    private void writtenChains() {
        List<Chain> different = new ArrayList<>();
        for (Chain wanted : after.chains().values()) {
            Chain there = before.chains().get(wanted.name());
            if (there == null || differs(wanted, there)) {
                different.add(wanted);
            }
        }
        for (Chain wanted : RuleWriter.inReadingOrder(after.table(), different)) {
            Chain there = before.chains().get(wanted.name());
            operations.add(
                    there == null
                            ? new Operation.AddChain(wanted)
                            : wanted.name().isShared()
                                    ? new Operation.AddRules(there, missing(wanted, there))
                                    : new Operation.RewriteChain(there, wanted));
        }
    }

    private static boolean differs(Chain wanted, Chain there) {
        return wanted.name().isShared() ? !missing(wanted, there).isEmpty() : wanted.isRead() && !wanted.sameAs(there);
    }

    private static List<Rule> missing(Chain wanted, Chain there) {
        return wanted.rules().stream()
                .filter(rule -> there.rules().stream().noneMatch(rule::sameAs))
                .toList();
    }

    private void deletedChains() {
        for (Chain chain : before.chains().values()) {
            if (!after.chains().containsKey(chain.name()) && !chain.name().isShared()) {
                operations.add(new Operation.DeleteChain(chain));
            }
        }
    }

    private void jumps(BuiltInChain from) {
        List<Rule> there =
                before.jumps(from).stream().filter(rule -> !leadsToShared(rule)).toList();
        List<Rule> wanted =
                after.jumps(from).stream().filter(rule -> !leadsToShared(rule)).toList();
        Set<Integer> kept = kept(there, wanted);
        for (int i = 0; i < there.size(); i++) {
            if (!kept.contains(i)) {
                operations.add(new Operation.DeleteJump(from, there.get(i)));
            }
        }
        for (Rule rule : wanted.subList(0, wanted.size() - kept.size()).reversed()) {
            operations.add(new Operation.AddJump(from, rule));
        }
        for (Rule rule : after.jumps(from).reversed()) {
            if (leadsToShared(rule) && before.jumps(from).stream().noneMatch(rule::sameAs)) {
                operations.add(new Operation.AddJump(from, rule));
            }
        }
    }

    /**
     * Returns the indices of the existing jumps that are kept. They are the jumps at the end of the wanted list, as
     * many as exist in this order, so that the other jumps can be inserted above them. If there are duplicates among
     * the existing jumps, "-D" would delete the first of them, which may be the wrong one. Therefore no jump is kept in
     * this case, unless the existing jumps are exactly the end of the wanted list.
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

    private static boolean leadsToShared(Rule rule) {
        return switch (rule) {
            case Rule.Known known -> known.target() instanceof Target.Jump(ChainName chain) && chain.isShared();
            case Rule.Unread _ -> false;
            case Rule.ForeignRule(String text, Origin _) -> text.endsWith(" " + ChainName.KUBELET_FIREWALL);
        };
    }
}
