package io.fairlead.linux.process;

import java.io.Serial;

/** A program is not installed, or may not be executed. The message names the program. */
public final class ProgramMissingException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates an exception with the name of the program and the reason from the operating system. */
    public ProgramMissingException(String program, Throwable cause) {
        super("cannot run " + program + ": " + cause.getMessage(), cause);
    }
}
