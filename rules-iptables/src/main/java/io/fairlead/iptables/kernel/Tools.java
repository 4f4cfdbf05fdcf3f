package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the iptables programs of both address families. */
public final class Tools {
    /** The time limit for a restore. The nft variant took 100 s for 10,000 Services. */
    private static final Duration LONGEST_RESTORE = Duration.ofMinutes(5);

    /** The exit status of {@code iptables -C} if the rule does not exist (1.8.9, both variants). */
    static final int NO_SUCH_RULE = 1;

    private static final Duration LONGEST_SAVE = Duration.ofMinutes(2);

    private final ProcessRunner runner;
    private final Map<IpFamily, String> programs;
    private final int waitSeconds;
    private final XtablesLock lock;

    /**
     * Creates an instance for programs with these names.
     *
     * @param programs the name of the program {@code iptables} for each family; "-save" and "-restore" are appended to
     *     the name
     * @param waitSeconds the time in seconds that a program waits for the lock
     * @param lock the lock that the programs use
     */
    public Tools(ProcessRunner runner, Map<IpFamily, String> programs, int waitSeconds, XtablesLock lock) {
        this.lock = lock;
        this.runner = runner;
        this.programs = Map.copyOf(programs);
        this.waitSeconds = waitSeconds;
    }

    /** Returns the command line with which a person can do the same as {@link #restore}. */
    public static List<String> restoreWords(String program, int waitSeconds) {
        return List.of(program + "-restore", "-w", Integer.toString(waitSeconds), "--noflush", "--counters");
    }

    /**
     * Returns the output of {@code iptables --version}, for example "iptables v1.8.9 (nf_tables)"; "" if the command
     * fails.
     */
    public String version(IpFamily family) {
        try {
            ProcessResult result = runner.run(Command.of(program(family), "--version"));
            return result.succeeded() ? result.output().strip() : "";
        } catch (ProgramMissingException e) {
            return "";
        }
    }

    /** Returns the output of iptables-save for all tables of this family. */
    ProcessResult save(IpFamily family) {
        return run(new Command(List.of(program(family) + "-save"), List.of(), LONGEST_SAVE));
    }

    /** Returns the output of iptables-save for one table. */
    ProcessResult save(IpFamily family, Table table) {
        return run(new Command(List.of(program(family) + "-save", "-t", table.text()), List.of(), LONGEST_SAVE));
    }

    /**
     * Checks that the kernel supports this family. If the kernel does not, the legacy variant still succeeds and prints
     * an empty list. Therefore an empty list is accepted only if the kernel also answers a query about one chain
     * (PROTO-6).
     *
     * @param saved the output of iptables-save
     * @throws ApplyFailedException if the kernel does not answer the query
     */
    void requireFamily(IpFamily family, String saved) {
        if (!saved.startsWith("*") && !saved.contains("\n*")) {
            ProcessResult list = list(family, Table.NAT, "PREROUTING");
            if (!list.succeeded()) {
                throw failure(program(family), list);
            }
        }
    }

    /** Returns whether the program of this family answers. A program that cannot show a rule also answers. */
    public boolean worksIn(IpFamily family) {
        try {
            ProcessResult list = list(family, Table.NAT, "POSTROUTING");
            return list.succeeded() || Refusal.ofError(list).kind() == Kind.REJECTED;
        } catch (ApplyFailedException _) {
            return false;
        }
    }

    /** Returns the rules of one chain in the format of iptables-save. */
    ProcessResult list(IpFamily family, Table table, String chain) {
        return run(Command.of(program(family), "-w", Integer.toString(waitSeconds), "-t", table.text(), "-S", chain));
    }

    /**
     * Checks whether a chain contains a rule. The exit status is 0 if it does, {@link #NO_SUCH_RULE} if it does not,
     * and another number if the tool cannot decide.
     */
    ProcessResult check(IpFamily family, Table table, String chain, List<String> rule) {
        List<String> words = new ArrayList<>(
                List.of(program(family), "-w", Integer.toString(waitSeconds), "-t", table.text(), "-C", chain));
        words.addAll(rule);
        return run(Command.of(words.toArray(String[]::new)));
    }

    /** Returns whether iptables-restore accepts an input. Does not change the rules in the kernel. */
    boolean accepts(IpFamily family, List<String> input) {
        try {
            List<String> words = new ArrayList<>(restoreWords(program(family), waitSeconds));
            words.add("--test");
            return run(new Command(words, input, LONGEST_SAVE)).succeeded();
        } catch (ApplyFailedException _) {
            return false;
        }
    }

    /**
     * Returns the output of a tool on one line. If the tool could not get the lock, the result also names the process
     * that holds the lock.
     */
    String explained(Refusal words) {
        return words.kind() == Kind.LOCKED
                ? words.summary()
                        + lock.holder().map(holder -> "; held by " + holder).orElse("")
                : words.summary();
    }

    /** Returns the exception for a failure of a program that only reads. */
    ApplyFailedException failure(String program, ProcessResult result) {
        Refusal words = Refusal.ofError(result);
        return new ApplyFailedException(
                words.kind(), program + " failed: " + explained(words), words.all(), List.of(), List.of());
    }

    ProcessResult restore(IpFamily family, Iterable<String> input) {
        return run(new Command(restoreWords(program(family), waitSeconds), input, LONGEST_RESTORE));
    }

    String program(IpFamily family) {
        return programs.getOrDefault(family, family == IpFamily.IPV4 ? "iptables" : "ip6tables");
    }

    private ProcessResult run(Command command) {
        try {
            return runner.run(command);
        } catch (ProgramMissingException e) {
            throw new ApplyFailedException(Kind.MISSING_TOOL, String.valueOf(e.getMessage()), "", List.of(), List.of());
        }
    }
}
