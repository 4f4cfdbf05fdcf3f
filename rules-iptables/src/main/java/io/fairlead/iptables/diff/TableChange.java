package io.fairlead.iptables.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Edit;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.OperationText;
import io.fairlead.iptables.text.RestoreLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One transaction: operations on one table of one address family.
 *
 * @param before Fairlead's rules in the table before the operations. It may be a part of the rules if it contains all
 *     chains and jumps that the operations name
 */
public record TableChange(IpFamily family, TableRules before, List<Operation> operations) {

    /** Copies the list. */
    public TableChange {
        operations = List.copyOf(operations);
    }

    /** Returns the table. */
    public Table table() {
        return before.table();
    }

    /** Returns whether there is no operation. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** Returns Fairlead's rules in the table after the operations. */
    public TableRules after() {
        return Applied.to(before, operations);
    }

    /**
     * Returns the input for iptables-restore, line by line. Each line is created when it is read from the stream,
     * because all lines together need more memory than the rules.
     */
    public Stream<RestoreLine> lines() {
        return OperationText.lines(table(), operations);
    }

    /** Returns the input for iptables-restore as text; "" if there is no operation. */
    public String text() {
        StringBuilder text = new StringBuilder();
        lines().forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    /** Returns every added or removed chain and rule, in a form for people. */
    public List<Edit> edits() {
        return Edits.of(this);
    }

    /** Returns the number of rules by which the table grows; negative if it shrinks. */
    public int growth() {
        return operations.stream().mapToInt(Operation::growth).sum();
    }

    /** Returns the number of rules that the kernel must write, including rules that replace equal rules. */
    public int written() {
        return operations.stream()
                .mapToInt(operation -> operation.written().size())
                .sum();
    }

    /**
     * Returns whether a rule that is written names an nfacct object. If so, the nfacct object must exist before the
     * change is applied.
     */
    public boolean writesCounters() {
        return operations.stream()
                .flatMap(operation -> operation.written().stream())
                .anyMatch(Rule::isCounted);
    }

    /**
     * Returns the growth of the table in entries, as x_tables counts them: one entry for each rule, and for each chain
     * one entry for its beginning and one for its end. Returns empty if the change replaces rules that could not be
     * read.
     */
    public OptionalInt growthInEntries() {
        if (!operations.stream().allMatch(Operation::replacesKnownRules)) {
            return OptionalInt.empty();
        }
        int chains = 0;
        for (Operation operation : operations) {
            chains += switch (operation) {
                case Operation.AddChain _ -> 1;
                case Operation.DeleteChain _ -> -1;
                case Operation.RewriteChain _, Operation.AddRules _, Operation.AddJump _, Operation.DeleteJump _ -> 0;
            };
        }
        return OptionalInt.of(growth() + 2 * chains);
    }

    /**
     * Returns the part of this change that deletes neither chains nor jumps. A chain to delete is emptied, and a jump
     * to delete is kept. This part can succeed even if the kernel or iptables cannot delete a chain or jump.
     */
    public TableChange additive() {
        List<Operation> additions = new ArrayList<>();
        for (Operation operation : operations) {
            switch (operation) {
                case Operation.AddChain _, Operation.RewriteChain _, Operation.AddRules _ -> additions.add(operation);
                case Operation.DeleteChain(Chain chain) -> {
                    if (!chain.rules().isEmpty()) {
                        additions.add(new Operation.RewriteChain(chain, chain.emptied()));
                    }
                }
                case Operation.AddJump(BuiltInChain from, Rule rule) -> {
                    if (before.jumps(from).stream().noneMatch(rule::sameAs)) {
                        additions.add(operation);
                    }
                }
                case Operation.DeleteJump _ -> {}
            }
        }
        return new TableChange(family, before, additions);
    }

    /**
     * Returns the deletions that {@link #additive} leaves out. Each element can be tried separately: it deletes the
     * jumps in one built-in chain, or one chain.
     */
    public List<TableChange> removals() {
        TableRules all = additive().after();
        TableRules after = after();
        List<TableChange> parts = new ArrayList<>();
        for (BuiltInChain from : BuiltInChain.values()) {
            TableChange part = TableDiff.between(family, only(from, all.jumps(from)), only(from, after.jumps(from)));
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        for (Operation operation : operations) {
            if (operation instanceof Operation.DeleteChain(Chain chain)) {
                TableRules there = TableRules.of(table(), List.of(chain.emptied()), Map.of());
                parts.add(new TableChange(family, there, List.of(new Operation.DeleteChain(chain.emptied()))));
            }
        }
        return parts;
    }

    private TableRules only(BuiltInChain from, List<Rule> jumps) {
        return TableRules.of(table(), List.of(), Map.of(from, jumps));
    }

    /**
     * Returns one transaction that consists of several changes. The changes must be for different chains of the same
     * table.
     */
    public static TableChange joined(List<TableChange> parts) {
        TableChange first = parts.getFirst();
        return new TableChange(
                first.family,
                union(first.table(), parts.stream().map(TableChange::before).toList()),
                parts.stream().flatMap(part -> part.operations.stream()).toList());
    }

    /** Returns this change without the given {@link #removals}. */
    public TableChange less(List<TableChange> removals) {
        List<TableRules> rules = new ArrayList<>(List.of(after()));
        removals.forEach(removal -> rules.add(removal.before));
        return TableDiff.between(family, before, union(table(), rules));
    }

    private static TableRules union(Table table, List<TableRules> some) {
        SortedMap<ChainName, Chain> chains = new TreeMap<>();
        SortedMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>();
        some.forEach(rules -> {
            chains.putAll(rules.chains());
            jumps.putAll(rules.jumps());
        });
        return new TableRules(table, chains, jumps);
    }

    /**
     * Returns the change that reverts this change. Two kinds of chains keep their new rules: the chain that is shared
     * with kubelet, and chains whose old rules could not be read.
     */
    public TableChange inverse() {
        return TableDiff.between(family, after(), before);
    }

    /** Returns the origins of all added and removed chains and rules. */
    public SortedSet<Origin> origins() {
        SortedSet<Origin> origins = new TreeSet<>();
        edits().forEach(edit -> origins.add(edit.origin()));
        return origins;
    }

    /** Returns the part of this change that belongs to these origins. */
    public TableChange only(Set<Origin> chosen) {
        return PartialChange.of(this, chosen);
    }

    /** Returns the number of chains of Services that this change creates. */
    public int newChains() {
        return (int)
                operations.stream().filter(TableChange::isNewChainOfService).count();
    }

    private static boolean isNewChainOfService(Operation operation) {
        return operation instanceof Operation.AddChain(Chain chain)
                && chain.name().isOfService();
    }

    /**
     * Returns this change as several transactions, if it creates more than {@code most} chains of Services; otherwise a
     * list that contains only this change. The new chains are written first, at most {@code most} in one transaction. A
     * chain is written before the chains that jump to it. No packet reaches any new chain before the last transaction,
     * which contains the rest of the change.
     */
    public List<TableChange> parts(int most) {
        if (newChains() <= most) {
            return List.of(this);
        }
        SortedMap<ChainName.Kind, List<Operation>> byKind = new TreeMap<>(Comparator.reverseOrder());
        List<Operation> rest = new ArrayList<>();
        List<Operation> mark = new ArrayList<>();
        for (Operation operation : operations) {
            if (!(operation instanceof Operation.AddChain(Chain chain))) {
                rest.add(operation);
            } else if (chain.name().isOfService()) {
                byKind.computeIfAbsent(kind(chain), _ -> new ArrayList<>()).add(operation);
            } else if (chain.name().equals(ChainName.MARK_MASQ)) {
                mark.add(operation);
            } else {
                rest.add(operation);
            }
        }
        List<Operation> chains = byKind.values().stream().flatMap(List::stream).toList();
        List<TableChange> parts = new ArrayList<>();
        TableRules there = before;
        for (int from = 0; from < chains.size(); from += most) {
            List<Operation> part = new ArrayList<>(chains.subList(from, Math.min(from + most, chains.size())));
            if (from == 0) {
                part.addAll(mark);
            }
            TableChange change = new TableChange(family, there, part);
            parts.add(change);
            there = change.after();
        }
        parts.add(new TableChange(family, there, rest));
        return parts;
    }

    private static ChainName.Kind kind(Chain chain) {
        return Arrays.stream(ChainName.Kind.values())
                .filter(chain.name()::is)
                .findFirst()
                .orElseThrow();
    }
}
