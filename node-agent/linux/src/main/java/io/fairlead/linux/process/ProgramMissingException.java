package io.fairlead.linux.process;

import java.io.Serial;

/** A program is not installed, or may not be executed. The message names it. */
public final class ProgramMissingException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** An exception with the program's name and the operating system's reason. */
    public ProgramMissingException(String program, Throwable cause) {
        super("cannot run " + program + ": " + cause.getMessage(), cause);
    }
}
