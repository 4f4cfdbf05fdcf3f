package io.fairlead.core.trace;

import io.fairlead.core.flow.Outcome;
import java.util.List;

/**
 * What becomes of a flow, and what other programs have to do with it.
 *
 * @param others the rules of other programs than the proxy that the packet met and that changed or ended its way, in
 *     order
 * @param condition what must hold for the outcome, for people; "" if it is certain
 */
public record Answer(Trace trace, List<TraceStep> others, String condition) {
    /** Copies the list. */
    public Answer {
        others = List.copyOf(others);
    }

    /** Returns the outcome over all paths. */
    public Outcome outcome() {
        return trace.outcome();
    }
}
