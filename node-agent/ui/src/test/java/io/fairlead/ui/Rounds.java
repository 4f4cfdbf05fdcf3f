package io.fairlead.ui;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.rules.Lines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Creates the results of rounds. */
final class Rounds {
    RoundResult applied() {
        return result(RoundResult.Outcome.APPLIED, "");
    }

    RoundResult failed(String error) {
        return result(RoundResult.Outcome.FAILED, error);
    }

    private static RoundResult result(RoundResult.Outcome outcome, String error) {
        return new RoundResult(
                outcome,
                false,
                null,
                List.of(),
                new Lines(1, 0),
                List.of(),
                Duration.ZERO,
                new TreeMap<>(),
                null,
                Map.of(),
                List.of(),
                List.of(),
                null,
                error);
    }
}
