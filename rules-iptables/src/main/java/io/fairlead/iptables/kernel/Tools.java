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

/** The programs of both families, and how to call them. */
public final class Tools {
    /** The nft variant has been seen to take 100 s for 10,000 Services. */
    private static final Duration LONGEST_RESTORE = Duration.ofMinutes(5);

    /** Exit status of "-C" (1.8.9, both variants). */
    static final int NO_SUCH_RULE = 1;

    private static final Duration LONGEST_SAVE = Duration.ofMinutes(2);

    private final ProcessRunner runner;
    private final Map<IpFamily, String> programs;
    private final int waitSeconds;
    private final XtablesLock lock;

    /**
     * Tools by name.
     *
     * @param programs the name of each family's {@code iptables}; "-save" and "-restore" are added to it
     * @param waitSeconds how long to wait for the lock
     * @param lock the one that they use
     */
    public Tools(ProcessRunner runner, Map<IpFamily, String> programs, int waitSeconds, XtablesLock lock) {
        this.lock = lock;
        this.runner = runner;
        this.programs = Map.copyOf(programs);
        this.waitSeconds = waitSeconds;
    }

    /** What a person would type to do what {@link #restore} does. */
    public static List<String> restoreWords(String program, int waitSeconds) {
        return List.of(program + "-restore", "-w", Integer.toString(waitSeconds), "--noflush", "--counters");
    }

    /** What {@code iptables --version} says: "iptables v1.8.9 (nf_tables)"; "" if it fails. */
    public String version(IpFamily family) {
        try {
            ProcessResult result = runner.run(Command.of(program(family), "--version"));
            return result.succeeded() ? result.output().strip() : "";
        } catch (ProgramMissingException e) {
            return "";
        }
    }

    /** Everything that the kernel has in this family, as iptables-save ends with it. */
    ProcessResult save(IpFamily family) {
        return run(new Command(List.of(program(family) + "-save"), List.of(), LONGEST_SAVE));
    }

    /** One table. */
    ProcessResult save(IpFamily family, Table table) {
        return run(new Command(List.of(program(family) + "-save", "-t", table.text()), List.of(), LONGEST_SAVE));
    }

    /**
     * The legacy variant lists nothing, and is content, also where the kernel has no such family; so an empty list is
     * believed only if the kernel answers a question about a table (PROTO-6).
     *
     * @throws ApplyFailedException if it does not
     */
    void requireFamily(IpFamily family, String saved) {
        if (!saved.startsWith("*") && !saved.contains("\n*")) {
            ProcessResult list = list(family, Table.NAT, "PREROUTING");
            if (!list.succeeded()) {
                throw failure(program(family), list);
            }
        }
    }

    /** Whether it answers; what it finds is another question. */
    public boolean worksIn(IpFamily family) {
        try {
            ProcessResult list = list(family, Table.NAT, "POSTROUTING");
            return list.succeeded() || Refusal.ofError(list).kind() == Kind.REJECTED;
        } catch (ApplyFailedException _) {
            return false;
        }
    }

    /** One chain's rules as iptables-save has them. */
    ProcessResult list(IpFamily family, Table table, String chain) {
        return run(Command.of(program(family), "-w", Integer.toString(waitSeconds), "-t", table.text(), "-S", chain));
    }

    /** Whether a chain has a rule: 0 if so, {@link #NO_SUCH_RULE} if not; another number if that cannot be told. */
    ProcessResult check(IpFamily family, Table table, String chain, List<String> rule) {
        List<String> words = new ArrayList<>(
                List.of(program(family), "-w", Integer.toString(waitSeconds), "-t", table.text(), "-C", chain));
        words.addAll(rule);
        return run(Command.of(words.toArray(String[]::new)));
    }

    /** What a tool said, and who has the lock if that was it. */
    String explained(Refusal words) {
        return words.kind() == Kind.LOCKED
                ? words.summary()
                        + lock.holder().map(holder -> "; " + holder + " has it").orElse("")
                : words.summary();
    }

    /** What is to be thrown if a program that only reads has failed. */
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
