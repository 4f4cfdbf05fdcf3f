package io.fairlead.cli;

/** Exit statuses, the same for every command. */
public final class ExitCode {
    /** All well; for diff: nothing differs. */
    public static final int OK = 0;

    /**
     * agent: it ended by itself, and may be started again: its configuration changed, or something it needs is missing.
     */
    public static final int ENDED = 1;

    /** diff: something differs. */
    public static final int DIFFERENCES = 1;

    /** The command line, the configuration or the input is wrong; nothing was done. */
    public static final int USAGE = 2;

    /** The kernel, or the tool in front of it, refused; what was there before is there still. */
    public static final int KERNEL = 3;

    private ExitCode() {}
}
