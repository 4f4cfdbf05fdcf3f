package io.fairlead.cli;

import java.io.PrintWriter;

/**
 * Shows the progress of long work in one line on a terminal. The line is removed at the end. If there is no terminal,
 * or the work is short, nothing is printed.
 */
final class Progress implements AutoCloseable {
    /** The number of steps from which progress is shown. Shorter work ends before a user could read the line. */
    private static final int WORTH_SHOWING = 500;

    private static final int STEPS_A_LINE = 100;

    private final PrintWriter out;
    private final String what;
    private final int all;
    private final boolean shown;
    private int done;

    private Progress(PrintWriter out, String what, int all, boolean shown) {
        this.out = out;
        this.what = what;
        this.all = all;
        this.shown = shown;
    }

    static Progress of(Surroundings surroundings, String what, int all) {
        return new Progress(surroundings.err(), what, all, surroundings.terminal() && all >= WORTH_SHOWING);
    }

    void step() {
        done++;
        if (shown && done % STEPS_A_LINE == 0) {
            out.print("\r" + done + " of " + all + " " + what);
            out.flush();
        }
    }

    @Override
    public void close() {
        if (shown) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
