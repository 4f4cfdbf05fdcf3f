package io.fairlead.cli;

import java.io.Serial;
import java.util.List;

/** A command cannot continue, for a reason that the user can change. It is printed without a stack trace. */
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

    /** Returns what the user can do, or everything that is wrong, one line each. */
    List<String> details() {
        return details;
    }
}
