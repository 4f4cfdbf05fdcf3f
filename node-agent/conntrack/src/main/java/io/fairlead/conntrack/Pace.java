package io.fairlead.conntrack;

import java.time.Duration;

/**
 * Decides how long to wait after a pass over the table. The first pass after a quiet time does not wait.
 *
 * @param least the shortest time between two passes
 * @param idleFor the pause as a multiple of the last pass's time: 4 means at most a fifth of one processor
 * @param mostAfterFailures the limit of the wait, which doubles with each failure
 */
record Pace(Duration least, int idleFor, Duration mostAfterFailures) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));

    /**
     * Returns the pause after a pass.
     *
     * @param took the time of the pass
     * @param failures the number of consecutive failures up to this pass; 0 for a success
     */
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
