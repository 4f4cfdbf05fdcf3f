package io.fairlead.cli;

/** The exit statuses, the same for every command. */
public final class ExitCode {
    /** Success; for diff: nothing differs. */
    public static final int OK = 0;

    /**
     * agent: it ended and may be started again, because its configuration changed or something that it needs is
     * missing.
     */
    public static final int ENDED = 1;

    /** diff: something differs; verify: a packet is not treated as expected. */
    public static final int DIFFERENCES = 1;

    /** The command line, the configuration or the input is wrong; nothing was done. */
    public static final int USAGE = 2;

    /** The kernel or its tool refused a change or a reading; the old rules stay. */
    public static final int KERNEL = 3;

    private ExitCode() {}
}
