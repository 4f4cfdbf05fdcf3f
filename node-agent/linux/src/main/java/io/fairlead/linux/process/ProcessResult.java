package io.fairlead.linux.process;

/**
 * The result of a {@link Command}.
 *
 * @param exitCode the program's exit status; -1 if it was killed at its time limit
 * @param output the standard output, decoded as UTF-8
 * @param error the standard error, decoded as UTF-8
 */
public record ProcessResult(int exitCode, String output, String error) {

    /** The exit status of a program that was killed at its time limit. */
    public static final int TIMED_OUT = -1;

    /**
     * If a signal ended a program, the JVM and shells report this number plus the number of the signal as exit status.
     */
    private static final int SIGNALS = 128;

    private static final int LAST_SIGNAL = 64;

    /** Returns whether the exit status is 0. */
    public boolean succeeded() {
        return exitCode == 0;
    }

    /**
     * Returns why the program failed: its standard error, preceded by the name of the signal if a signal ended the
     * program. The signal is included because a crashed program often writes nothing.
     */
    public String reason() {
        return endedBySignal()
                ? "the program was ended by signal %d (%s)%n".formatted(signal(), name(signal())) + error
                : error;
    }

    private boolean endedBySignal() {
        return exitCode > SIGNALS && exitCode <= SIGNALS + LAST_SIGNAL;
    }

    private int signal() {
        return exitCode - SIGNALS;
    }

    private static String name(int signal) {
        return switch (signal) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 4 -> "SIGILL";
            case 6 -> "SIGABRT, crashed";
            case 7 -> "SIGBUS, crashed";
            case 8 -> "SIGFPE, crashed";
            case 9 -> "SIGKILL, perhaps out of memory";
            case 11 -> "SIGSEGV, crashed";
            case 13 -> "SIGPIPE";
            case 15 -> "SIGTERM";
            case 24 -> "SIGXCPU";
            case 31 -> "SIGSYS, forbidden by seccomp";
            default -> "see signal(7)";
        };
    }

    /** Returns whether the program was killed at its time limit. */
    public boolean timedOut() {
        return exitCode == TIMED_OUT;
    }
}
