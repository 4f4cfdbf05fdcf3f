package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.text.RestoreLine;
import io.fairlead.linux.process.ProcessResult;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes rules into the kernel.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A transaction covers one table of one address family. The kernel accepts or refuses it as a whole.
 *   <li>If a transaction is refused because of a Service's rules, the earlier transactions of the same family are
 *       reverted, newest first, so that the tables match each other again. The family then has its old rules, except
 *       for comments that are left out in large clusters (IPT-26). The caller tries again without that Service.
 *   <li>If a transaction is refused and no Service is at fault, the table cannot be written and keeps its old rules.
 *       The other tables are still written: {@link io.fairlead.iptables.diff.FamilyDiff} orders them so that each
 *       intermediate state is safe. There is one exception: after nat was refused, later transactions for filter are
 *       not written. They would delete rules that reject packets which nat does not translate.
 *   <li>If a transaction fails for another reason, for example because another program holds the lock, the family also
 *       gets its old rules back, and its later transactions are not tried.
 *   <li>A failure in one family does not affect the other family.
 *   <li>The kernel refuses to delete some objects, for example a chain to which a rule of another program jumps. Such
 *       objects are kept, and the rest of the change is written. For this purpose, a refused transaction is tried again
 *       without its deletions. After that, {@link Removals} deletes the objects that the kernel allows to delete.
 *   <li>The exception names the Service at fault. If the tool reports a line that belongs to a Service, that Service is
 *       at fault. If the tool reports another line, a binary search over the Services finds the fault. (The legacy
 *       variant reports only the line COMMIT when the kernel refuses.) The search runs real restores of parts of the
 *       transaction, because {@code --test} does not ask the kernel. Each of these restores is atomic and contains
 *       whole Services, so no Service is partly in force. The search needs at most 2 log2 n restores for n Services. At
 *       the end it restores the original state.
 * </ol>
 */
public final class Applier {
    private final Tools tools;
    private final RawTables raw;
    private final Consumer<TableChange> committed;

    /**
     * Creates an applier that uses these tools.
     *
     * @param raw finds the objects that refer to a chain that cannot be deleted
     * @param committed receives each transaction that the kernel accepted
     */
    public Applier(Tools tools, RawTables raw, Consumer<TableChange> committed) {
        this.tools = tools;
        this.raw = raw;
        this.committed = committed;
    }

    /**
     * Runs the transactions. The transactions of one family run in the order of the list.
     *
     * @return one sentence for each object that could not be deleted
     * @throws ApplyFailedException if a transaction is refused. All transactions that do not depend on it are written
     */
    public List<String> apply(List<TableChange> changes) {
        Map<IpFamily, FamilyWrite> families = new LinkedHashMap<>();
        changes.forEach(change -> families.computeIfAbsent(change.family(), _ -> new FamilyWrite())
                .changes
                .add(change));
        families.values().forEach(FamilyWrite::run);
        List<ApplyFailedException> failures = families.values().stream()
                .flatMap(family -> family.failures.stream())
                .toList();
        if (!failures.isEmpty()) {
            throw ApplyFailedException.joined(failures);
        }
        return families.values().stream()
                .flatMap(family -> family.left.stream())
                .toList();
    }

    /** The transactions of one family. */
    private final class FamilyWrite {
        private final List<TableChange> changes = new ArrayList<>();
        private final List<TableChange> done = new ArrayList<>();
        private final Set<Table> refused = EnumSet.noneOf(Table.class);
        private final List<ApplyFailedException> failures = new ArrayList<>();
        private final List<String> left = new ArrayList<>();

        void run() {
            for (TableChange change : changes) {
                boolean waits = change.table() == Table.FILTER && refused.contains(Table.NAT);
                if (!waits && !refused.contains(change.table()) && !write(change)) {
                    return;
                }
            }
        }

        /** Writes one transaction. Returns false if the remaining transactions of the family must not be tried. */
        private boolean write(TableChange change) {
            try {
                ProcessResult result = restore(change);
                if (result.succeeded()) {
                    done.add(change);
                    return true;
                }
                Refusal words = Refusal.of(result);
                List<TableChange> removals = words.kind() == Kind.REJECTED ? change.removals() : List.of();
                return removals.isEmpty() ? isOfTableAlone(change, words) : inParts(change, removals);
            } catch (ApplyFailedException e) {
                failures.add(alsoNotRestored(e, takeBack(done, List.of())));
                return false;
            }
        }

        /** Writes the change without its deletions. Then writes each deletion that the kernel accepts. */
        private boolean inParts(TableChange change, List<TableChange> removals) {
            TableChange additive = change.additive();
            if (!additive.isEmpty()) {
                ProcessResult result = restore(additive);
                if (!result.succeeded()) {
                    return isOfTableAlone(additive, Refusal.of(result));
                }
            }
            List<TableChange> kept = new Removals(part -> restore(part).succeeded()).take(removals);
            kept.forEach(part -> left.add(sentence(part)));
            done.add(change.less(kept));
            return true;
        }

        /**
         * Records a refusal, and reverts the earlier transactions that must not stay in force without the refused
         * transaction. Returns true if the other tables of the family can still be written.
         */
        private boolean isOfTableAlone(TableChange change, Refusal words) {
            // The lines are created a second time, only now. For a large cluster they need more memory than their text,
            // and usually no transaction is refused.
            Blame blame = blame(change, change.lines().toList(), words);
            boolean alone = blame.origins().isEmpty()
                    && (words.kind() == Kind.REJECTED || words.kind() == Kind.MISSING_KERNEL_FEATURE);
            List<TableChange> back = done.stream()
                    .filter(each -> !alone || each.table() == change.table())
                    .toList();
            failures.add(failure(change, blame, takeBack(back, blame.notRestored())));
            refused.add(change.table());
            return alone;
        }
    }

    private String sentence(TableChange removal) {
        Set<ChainName> chains = removal.before().chains().keySet();
        if (chains.isEmpty()) {
            return "cannot delete the jumps in chain "
                    + removal.before().jumps().firstKey() + " in " + place(removal);
        }
        ChainName chain = chains.iterator().next();
        String referrer = new RawReferences(raw, removal.family())
                .of(removal.table(), chain)
                .orElse("a rule or map of another program that iptables does not show");
        return "cannot delete chain " + chain + " in " + place(removal) + ": " + referrer
                + " leads to it; the chain stays without rules";
    }

    /**
     * The reason for a refusal, as far as it was found.
     *
     * @param words the output of the tool
     * @param origins the origins at fault; empty if unknown
     * @param lines the lines at fault; empty if unknown
     * @param notRestored the tables that could not be restored after the search
     */
    private record Blame(Refusal words, List<Origin> origins, List<String> lines, List<String> notRestored) {}

    private ProcessResult restore(TableChange change) {
        ProcessResult result = tools.restore(change.family(), portions(change));
        if (result.succeeded()) {
            committed.accept(change);
        }
        return result;
    }

    /**
     * Returns the input line by line, created while the tool reads it. For a large cluster, the whole text needs more
     * memory than the rules.
     */
    private static Iterable<String> portions(TableChange change) {
        return () -> change.lines().map(line -> line.text() + '\n').iterator();
    }

    private Blame blame(TableChange change, List<RestoreLine> lines, Refusal words) {
        Optional<RestoreLine> named = named(lines, words);
        if (named.isPresent() && named.get().origin() instanceof Origin.Port) {
            return new Blame(
                    words, List.of(named.get().origin()), List.of(named.get().text()), List.of());
        }
        if (words.kind() == Kind.REJECTED
                || words.kind() == Kind.MISSING_KERNEL_FEATURE
                || words.kind() == Kind.NOT_FOUND) {
            return searched(change, words);
        }
        return new Blame(words, List.of(), List.of(), List.of());
    }

    private static Optional<RestoreLine> named(List<RestoreLine> lines, Refusal words) {
        OptionalInt number = words.line();
        return number.isPresent() && number.getAsInt() >= 1 && number.getAsInt() <= lines.size()
                ? Optional.of(lines.get(number.getAsInt() - 1))
                : Optional.empty();
    }

    private Blame searched(TableChange change, Refusal words) {
        FaultSearch.Found found = new FaultSearch(part -> restore(part).succeeded()).in(change);
        Optional<Origin> service = found.culprit().filter(Origin.Port.class::isInstance);
        List<String> lines = change.lines()
                .filter(line -> service.filter(line.origin()::equals).isPresent())
                .map(RestoreLine::text)
                .toList();
        return new Blame(
                words,
                service.map(List::of).orElse(List.of()),
                lines,
                found.restored() ? List.of() : List.of(place(change)));
    }

    /** Reverts transactions. Returns the tables that could not be restored, together with those that failed before. */
    private List<String> takeBack(List<TableChange> done, List<String> failedBefore) {
        List<String> failed = new ArrayList<>(failedBefore);
        for (TableChange change : done.reversed()) {
            if (!isTakenBack(change)) {
                failed.add(place(change));
            }
        }
        return failed;
    }

    private boolean isTakenBack(TableChange change) {
        try {
            return restore(change.inverse()).succeeded();
        } catch (ApplyFailedException _) {
            // For example, the program was deleted. The caller reports that the table is not restored.
            return false;
        }
    }

    private static ApplyFailedException alsoNotRestored(ApplyFailedException failure, List<String> notRestored) {
        return notRestored.isEmpty()
                ? failure
                : new ApplyFailedException(
                        failure.kind(),
                        failure.getMessage() + notRestored(notRestored),
                        failure.toolOutput(),
                        List.of(),
                        failure.linesAtFault());
    }

    private static String notRestored(List<String> places) {
        return "; could not restore " + String.join(" and ", places);
    }

    private ApplyFailedException failure(TableChange change, Blame blame, List<String> notRestored) {
        String message = tools.program(change.family()) + "-restore refused table "
                + change.table().text() + ": " + tools.explained(blame.words()) + missingModule(blame)
                + otherwiseMade(change, blame.words());
        if (!notRestored.isEmpty()) {
            message += notRestored(notRestored);
        }
        return new ApplyFailedException(
                blame.words().kind(), message, blame.words().all(), blame.origins(), blame.lines());
    }

    /**
     * Returns a hint about a missing kernel module, because the tools do not name the module; "" if no module that a
     * refused rule needs is known to be missing.
     */
    private static String missingModule(Blame blame) {
        boolean needsRecent = blame.lines().stream().anyMatch(line -> line.contains(" -m recent "));
        return needsRecent && !Files.isDirectory(RecentLists.MODULE)
                ? "; this kernel lacks the module xt_recent, which ClientIP affinity needs"
                : "";
    }

    private static String otherwiseMade(TableChange change, Refusal words) {
        return words.otherwiseMade()
                .map(chain ->
                        "; another program created that chain with another type or priority, so iptables cannot use"
                                + " it: nft list chain " + (change.family() == IpFamily.IPV4 ? "ip " : "ip6 ")
                                + change.table().text() + " " + chain + " shows it; nftables mode is not affected")
                .orElse("");
    }

    private static String place(TableChange change) {
        return change.family().text() + " table " + change.table().text();
    }
}
