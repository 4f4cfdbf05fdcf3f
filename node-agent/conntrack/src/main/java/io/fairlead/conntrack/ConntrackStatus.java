package io.fairlead.conntrack;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of the removal of stale UDP flows, for metrics and for people.
 *
 * @param started when the reconciler started
 * @param lastSuccess when the last pass ended that left nothing to do; null if there was none
 * @param waitingSince when the oldest change arrived that no successful pass has handled yet; null if there is none. An
 *     old {@code lastSuccess} alone is no problem: without changes there are no passes
 * @param lastDuration the time of the last pass
 * @param lastSeen the number of UDP flows that the last pass checked
 * @param passes the number of passes since the start, including failed ones
 * @param failures the number of passes that failed in whole or in part
 * @param removed the number of flows removed since the start
 * @param lastFailure why the last pass failed; empty if it succeeded
 */
public record ConntrackStatus(
        Instant started,
        @Nullable Instant lastSuccess,
        @Nullable Instant waitingSince,
        Duration lastDuration,
        long lastSeen,
        long passes,
        long failures,
        long removed,
        String lastFailure) {

    static ConntrackStatus atStart(Instant now) {
        return new ConntrackStatus(now, null, null, Duration.ZERO, 0, 0, 0, 0, "");
    }

    /** Returns the time since the last success, or since the start. */
    public Duration sinceLastSuccess(Instant now) {
        return Duration.between(lastSuccess == null ? started : lastSuccess, now);
    }

    /** Returns how long the oldest change has been waiting; zero if none is waiting. This is the value to alert on. */
    public Duration waiting(Instant now) {
        return waitingSince == null ? Duration.ZERO : Duration.between(waitingSince, now);
    }

    ConntrackStatus withWaitingSince(@Nullable Instant since) {
        return new ConntrackStatus(
                started, lastSuccess, since, lastDuration, lastSeen, passes, failures, removed, lastFailure);
    }

    ConntrackStatus plusRemoved(long more) {
        return new ConntrackStatus(
                started,
                lastSuccess,
                waitingSince,
                lastDuration,
                lastSeen,
                passes,
                failures,
                removed + more,
                lastFailure);
    }

    /**
     * Returns the status after a successful pass.
     *
     * @param complete whether the pass left nothing to do
     */
    ConntrackStatus afterSuccess(Instant end, Duration took, long seen, boolean complete) {
        return new ConntrackStatus(
                started, complete ? end : lastSuccess, waitingSince, took, seen, passes + 1, failures, removed, "");
    }

    ConntrackStatus afterFailure(Duration took, String reason) {
        return new ConntrackStatus(
                started, lastSuccess, waitingSince, took, lastSeen, passes + 1, failures + 1, removed, reason);
    }
}
