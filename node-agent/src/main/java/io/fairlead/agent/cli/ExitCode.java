package io.fairlead.agent.cli;

/** Exit statuses, the same for every command. */
final class ExitCode {
    /** All well; for diff: nothing differs. */
    static final int OK = 0;

    /** diff: something differs. */
    static final int DIFFERENCES = 1;

    /** The command line, the configuration or the input is wrong; nothing was done. */
    static final int USAGE = 2;

    /** The kernel, or the tool in front of it, refused; what was there before is there still. */
    static final int KERNEL = 3;

    private ExitCode() {}
}
