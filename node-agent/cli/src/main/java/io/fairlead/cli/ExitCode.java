package io.fairlead.cli;

/** The exit statuses of all commands. */
public final class ExitCode {
    /** The command succeeded. For diff: nothing differs. */
    public static final int OK = 0;

    /**
     * For the agent: it ended and can be started again, because its configuration changed or a condition for running is
     * not met.
     */
    public static final int ENDED = 1;

    /**
     * For diff: something differs. For verify: a packet is not treated as expected. For why: the packet does not
     * certainly reach its destination. For doctor: there is a warning or an error. For status: the agent is not ready,
     * or a Service is in quarantine.
     */
    public static final int DIFFERENCES = 1;

    /** The command line, the configuration or the input is wrong. Nothing was changed. */
    public static final int USAGE = 2;

    /** The kernel or a program refused to change or read rules. Refused changes leave the old rules. */
    public static final int KERNEL = 3;

    private ExitCode() {}
}
