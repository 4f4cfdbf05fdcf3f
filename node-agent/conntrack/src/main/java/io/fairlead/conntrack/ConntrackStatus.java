package io.fairlead.conntrack;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of the removal of stale UDP flows, for metrics and the status page. A pass is one check of all UDP flows.
 *
 * @param started the time at which the reconciler started
 * @param lastSuccess the end of the last pass after which no stale flow was left; null if there was no such pass. An
 *     old time is no problem if {@code waitingSince} is null, because passes run only after changes
 * @param waitingSince the time of the oldest committed change that no complete, successful pass has handled; null if no
 *     change is waiting
 * @param lastDuration the duration of the last pass
 * @param lastSeen the number of UDP flows that the last successful pass checked
 * @param passes the number of passes since the start, including failed passes
 * @param failures the number of passes that failed completely or for some flows
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

    /** Returns the time since the last success; since the start if there was no success. */
    public Duration sinceLastSuccess(Instant now) {
        return Duration.between(lastSuccess == null ? started : lastSuccess, now);
    }

    /** Returns the time since {@code waitingSince}; zero if no change is waiting. Alerts should use this value. */
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
     * @param complete whether the pass left no stale flow
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
