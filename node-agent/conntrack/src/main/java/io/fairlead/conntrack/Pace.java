package io.fairlead.conntrack;

import java.time.Duration;

/**
 * Decides how long to wait between two passes; a pass is one check of the whole table of flows. After a time without
 * changes, the first pass starts without a wait.
 *
 * @param least the shortest wait between two passes
 * @param idleFor the shortest wait as a multiple of the duration of the last pass. With 4, passes use at most a fifth
 *     of one processor
 * @param mostAfterFailures the upper limit of the part of the wait that doubles with each failure
 */
record Pace(Duration least, int idleFor, Duration mostAfterFailures) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));

    /**
     * Returns how long to wait after a pass.
     *
     * @param took the duration of the pass
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
