package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.process.ProcessResult;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.diff.Line;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.text.SaveReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads and writes the kernel's rules.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A transaction covers one table of one family; either all of it is in force or nothing.
 *   <li>If one is refused, those before it are taken back, newest first, so that the tables fit each other again: after a
 *       failure the kernel has what it had, but for comments that a large cluster goes without (IPT-26).
 *   <li>The exception names the Service. If the tool names a line that is a Service's, that is it. If it names another (the
 *       legacy variant can only name COMMIT when the kernel refuses), the Services are halved by real restores of the same
 *       transaction restricted to some of them, because {@code --test} never asks the kernel. Each of those is atomic and
 *       holds whole Services, so nothing that is in force meanwhile is half of one. At most 2 log2 n restores; the original
 *       state is put back at the end.
 * </ol>
 */
public final class Applier {
    private final Tools tools;
    private final Consumer<TableChange> committed;

    /**
     * Writes with these tools.
     *
     * @param committed is told of each transaction that the kernel has taken
     */
    public Applier(Tools tools, Consumer<TableChange> committed) {
        this.tools = tools;
        this.committed = committed;
    }

    /**
     * What is ours in the kernel in this family.
     *
     * @throws ApplyFailedException if the tool fails or is missing
     */
    public FamilyRules read(IpFamily family) {
        return SaveReader.read(family, tools.save(family));
    }

    /**
     * Runs the transactions in order.
     *
     * @throws ApplyFailedException if one is refused; the kernel has then what it had before, unless the message says
     *     otherwise
     */
    public void apply(List<TableChange> changes) {
        List<TableChange> done = new ArrayList<>();
        for (TableChange change : changes) {
            ProcessResult result = restore(change, done);
            if (!result.succeeded()) {
                // Made again: for a large cluster its lines take more memory than their text, and mostly nobody asks
                // for them.
                Blame blame = blame(change, change.lines(), ToolWords.of(result));
                List<String> notRestored = takeBack(done, blame.notRestored());
                throw failure(change, blame, notRestored);
            }
            done.add(change);
        }
    }

    /**
     * Who is at fault.
     *
     * @param notRestored what went wrong when the state before the search was put back
     */
    private record Blame(ToolWords words, List<Origin> origins, List<String> lines, List<String> notRestored) {}

    private ProcessResult restore(TableChange change, List<TableChange> done) {
        try {
            return restore(change);
        } catch (ApplyFailedException e) {
            takeBack(done, List.of());
            throw e;
        }
    }

    private ProcessResult restore(TableChange change) {
        ProcessResult result = tools.restore(change.family(), change.portions());
        if (result.succeeded()) {
            committed.accept(change);
        }
        return result;
    }

    private Blame blame(TableChange change, List<Line> lines, ToolWords words) {
        Optional<Line> named = named(lines, words);
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

    private static Optional<Line> named(List<Line> lines, ToolWords words) {
        OptionalInt number = words.line();
        return number.isPresent() && number.getAsInt() >= 1 && number.getAsInt() <= lines.size()
                ? Optional.of(lines.get(number.getAsInt() - 1))
                : Optional.empty();
    }

    private Blame searched(TableChange change, ToolWords words) {
        FaultSearch.Found found = new FaultSearch(part -> restore(part).succeeded()).in(change);
        List<String> lines = change.lines().stream()
                .filter(line -> found.culprit().filter(line.origin()::equals).isPresent())
                .map(Line::text)
                .toList();
        return new Blame(
                words,
                found.culprit().map(List::of).orElse(List.of()),
                lines,
                found.restored() ? List.of() : List.of(place(change)));
    }

    private List<String> takeBack(List<TableChange> done, List<String> failedBefore) {
        List<String> failed = new ArrayList<>(failedBefore);
        for (TableChange change : done.reversed()) {
            if (!restore(change.inverse()).succeeded()) {
                failed.add(place(change));
            }
        }
        return failed;
    }

    private ApplyFailedException failure(TableChange change, Blame blame, List<String> notRestored) {
        String message = tools.program(change.family()) + "-restore refused table "
                + change.table().text() + ": " + tools.explained(blame.words()) + missingModule(blame);
        if (!notRestored.isEmpty()) {
            message += "; could not put back " + String.join(" and ", notRestored);
        }
        return new ApplyFailedException(
                blame.words().kind(), message, blame.words().all(), blame.origins(), blame.lines());
    }

    /** The tools do not say which module it is that the kernel has not got. */
    private static String missingModule(Blame blame) {
        boolean needsRecent = blame.lines().stream().anyMatch(line -> line.contains(" -m recent "));
        return needsRecent && !Files.isDirectory(RecentLists.MODULE)
                ? "; this kernel lacks the module xt_recent, which ClientIP affinity needs"
                : "";
    }

    private static String place(TableChange change) {
        return change.family().text() + " " + change.table().text();
    }
}
