package io.fairlead.linux.process;

/**
 * Runs programs. All code that starts a process uses this interface, so that a test can replace the programs with a
 * fake.
 */
public interface ProcessRunner {

    /**
     * Runs a program until it ends or reaches its time limit.
     *
     * @throws ProgramMissingException if the program cannot be started
     */
    ProcessResult run(Command command);

    /** Returns a runner that runs every command inside a named network namespace. */
    default ProcessRunner inNamespace(String namespace) {
        return command -> run(command.inNamespace(namespace));
    }
}
