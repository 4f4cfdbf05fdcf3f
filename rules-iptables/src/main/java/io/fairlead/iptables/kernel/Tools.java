package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.process.Command;
import io.fairlead.core.process.ProcessResult;
import io.fairlead.core.process.ProcessRunner;
import io.fairlead.core.process.ProgramMissingException;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The programs of both families, and how to call them. */
public final class Tools {
    /** The nft variant has been seen to take 100 s for 10,000 Services. */
    private static final Duration LONGEST_RESTORE = Duration.ofMinutes(5);

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

    /**
     * Everything that the kernel has in this family. The legacy variant lists nothing, and is content, also where the kernel
     * has no such family; so an empty list is believed only if the kernel answers a question about a table (PROTO-6).
     *
     * @throws ApplyFailedException if the tool fails or is missing
     */
    String save(IpFamily family) {
        String program = program(family);
        String saved = output(new Command(List.of(program + "-save"), List.of(), LONGEST_SAVE));
        if (!saved.startsWith("*") && !saved.contains("\n*")) {
            output(Command.of(program, "-w", Integer.toString(waitSeconds), "-t", "nat", "-S", "PREROUTING"));
        }
        return saved;
    }

    /** What a tool said, and who has the lock if that was it. */
    String explained(ToolWords words) {
        return words.kind() == Kind.LOCKED
                ? words.summary()
                        + lock.holder().map(holder -> "; " + holder + " has it").orElse("")
                : words.summary();
    }

    private String output(Command command) {
        ProcessResult result = run(command);
        if (!result.succeeded()) {
            ToolWords words = ToolWords.of(result);
            throw new ApplyFailedException(
                    words.kind(),
                    command.words().getFirst() + " failed: " + explained(words),
                    words.all(),
                    List.of(),
                    List.of());
        }
        return result.output();
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
