package io.fairlead.cli;

import java.io.Serial;
import java.util.List;

/**
 * Thrown if a command cannot continue, for a reason that the user can change. The message is printed without a stack
 * trace.
 */
public final class CommandException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> details;

    public CommandException(int exitCode, String message, List<String> details) {
        super(message);
        this.exitCode = exitCode;
        this.details = List.copyOf(details);
    }

    public CommandException(int exitCode, String message) {
        this(exitCode, message, List.of());
    }

    int exitCode() {
        return exitCode;
    }

    /** Returns the lines to print after the message: what the user can do, or a list of all problems. */
    List<String> details() {
        return details;
    }
}
