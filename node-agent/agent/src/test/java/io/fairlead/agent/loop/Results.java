package io.fairlead.agent.loop;

import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RememberedClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Creates results of rounds, for tests of listeners. */
public final class Results {

    private Results() {}

    /** Returns the result of a round that wrote nothing. */
    public static RoundResult unchanged() {
        return of(RoundResult.Outcome.UNCHANGED, false, List.of(), "");
    }

    /** Returns the result of a round that compared all rules and failed. */
    public static RoundResult failed(String error) {
        return of(RoundResult.Outcome.FAILED, true, List.of(), error);
    }

    /** Returns the result of a failed round that only handled changed Services. */
    public static RoundResult refused(String error) {
        return of(RoundResult.Outcome.FAILED, false, List.of(), error);
    }

    /**
     * Returns the result of a round that read the kernel and reported this list of affinity clients as the fullest
     * list.
     */
    public static RoundResult withAffinity(Optional<RememberedClients> fullest) {
        return of(RoundResult.Outcome.UNCHANGED, true, List.of(new Notice.AffinityFill(fullest)), "");
    }

    /** Returns the result of a round without changes but with these notices. */
    public static RoundResult with(Notice... notices) {
        return of(RoundResult.Outcome.UNCHANGED, false, List.of(notices), "");
    }

    /**
     * Returns the result of a round that planned these changes.
     *
     * @param failed whether the round failed; otherwise the changes were applied
     */
    public static RoundResult planned(PlanDelta delta, boolean failed) {
        return of(
                failed ? RoundResult.Outcome.FAILED : RoundResult.Outcome.APPLIED,
                false,
                delta,
                List.of(),
                failed ? "refused" : "");
    }

    private static RoundResult of(RoundResult.Outcome outcome, boolean full, List<Notice> notices, String error) {
        return of(outcome, full, null, notices, error);
    }

    private static RoundResult of(
            RoundResult.Outcome outcome, boolean full, @Nullable PlanDelta delta, List<Notice> notices, String error) {
        return new RoundResult(
                outcome,
                full,
                delta,
                List.of(),
                Lines.NONE,
                List.of(),
                Duration.ZERO,
                new TreeMap<>(),
                null,
                Map.of(),
                notices,
                List.of(),
                null,
                error);
    }
}
