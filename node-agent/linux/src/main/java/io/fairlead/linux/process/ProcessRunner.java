package io.fairlead.linux.process;

/** Runs programs. The one place where a process starts is behind this; tests put a fake kernel there. */
public interface ProcessRunner {

    /**
     * Runs to the end or to the time limit.
     *
     * @throws ProgramMissingException if the program cannot be started
     */
    ProcessResult run(Command command);

    /** The same runner with every command inside a named network namespace. */
    default ProcessRunner inNamespace(String namespace) {
        return command -> run(command.inNamespace(namespace));
    }
}
