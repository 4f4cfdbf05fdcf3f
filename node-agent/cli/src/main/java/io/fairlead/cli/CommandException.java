package io.fairlead.cli;

import java.io.Serial;
import java.util.List;

/** A command cannot go on, for a reason that is the user's business: printed without a stack trace. */
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

    /** What to do, or all that is wrong, one line each. */
    List<String> details() {
        return details;
    }
}
