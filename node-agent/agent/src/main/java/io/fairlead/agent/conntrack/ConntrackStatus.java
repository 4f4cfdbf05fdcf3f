package io.fairlead.agent.conntrack;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the removal of stale UDP flows is getting on, for metrics and for people.
 *
 * @param started since when there has been anything to be late with
 * @param lastSuccess when the last pass ended after which nothing was left to do; null if there has been none
 * @param waitingSince when the oldest change came that no successful pass has followed yet; null if there is none. An
 *     old {@code lastSuccess} alone is no trouble: without changes there are no passes
 * @param lastDuration of the last pass
 * @param lastSeen UDP flows that the last pass looked at
 * @param passes passes since the start, failed ones too
 * @param failures passes that failed in whole or in part
 * @param removed flows removed since the start
 * @param lastFailure why the last pass failed; empty if it did not
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

    /** How long ago the last success was, or the start. */
    public Duration sinceLastSuccess(Instant now) {
        return Duration.between(lastSuccess == null ? started : lastSuccess, now);
    }

    /** How long a change has been waiting; zero if none is. This is what to watch. */
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

    /** After a pass that did its work, or as much as it does at a time. */
    ConntrackStatus afterSuccess(Instant end, Duration took, long seen, boolean complete) {
        return new ConntrackStatus(
                started, complete ? end : lastSuccess, waitingSince, took, seen, passes + 1, failures, removed, "");
    }

    ConntrackStatus afterFailure(Duration took, String reason) {
        return new ConntrackStatus(
                started, lastSuccess, waitingSince, took, lastSeen, passes + 1, failures + 1, removed, reason);
    }
}
