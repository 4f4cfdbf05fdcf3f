package io.fairlead.core.trace;

import io.fairlead.core.flow.Outcome;
import java.util.List;

/**
 * What becomes of a flow, and what other programs have to do with it.
 *
 * @param others the rules of other programs than the proxy that the packet met and that changed or ended its way, in
 *     order
 * @param sources those of {@code others} that gave the packet another source address
 * @param condition what must hold for the outcome, for people; "" if it is certain
 */
public record Answer(Trace trace, List<TraceStep> others, List<TraceStep> sources, String condition) {
    /** Copies the lists. */
    public Answer {
        others = List.copyOf(others);
        sources = List.copyOf(sources);
    }

    /** Returns whether a rule of another program than the proxy changed the source address on a path. */
    public boolean changedByOthers(TracePath path) {
        return path.masquerade() && path.steps().stream().anyMatch(sources::contains);
    }

    /** Returns the outcome over all paths. */
    public Outcome outcome() {
        return trace.outcome();
    }
}
