package io.fairlead.linux.process;

/**
 * What came of a {@link Command}.
 *
 * @param exitCode the program's exit status; -1 if it was ended for its time limit
 * @param output standard output, UTF-8
 * @param error standard error, UTF-8
 */
public record ProcessResult(int exitCode, String output, String error) {

    /** Exit status of a program that was ended for its time limit. */
    public static final int TIMED_OUT = -1;

    /** True for exit status 0. */
    public boolean succeeded() {
        return exitCode == 0;
    }

    /** True if the time limit ended the program. */
    public boolean timedOut() {
        return exitCode == TIMED_OUT;
    }
}
