package io.fairlead.agent.conntrack;

import java.time.Duration;

/**
 * How long to wait after a pass over the table. The first pass after a quiet time does not wait at all.
 *
 * @param least between two passes
 * @param idleFor a pass is followed by a pause of so many times its own length: 4 means a fifth of one processor at
 *     most
 * @param mostAfterFailures the wait doubles with each failure in a row, up to this
 */
record Pace(Duration least, int idleFor, Duration mostAfterFailures) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));

    /** The pause after a pass that took so long and was the last of so many failures in a row; 0 for a success. */
    Duration pauseAfter(Duration took, int failures) {
        Duration rest = max(least, took.multipliedBy(idleFor));
        Duration backOff = min(least.multipliedBy(1L << Math.min(failures, 30)), mostAfterFailures);
        return failures == 0 ? rest : max(rest, backOff);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
