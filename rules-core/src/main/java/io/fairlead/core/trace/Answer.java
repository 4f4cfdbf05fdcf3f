package io.fairlead.core.trace;

import io.fairlead.core.flow.Outcome;
import java.util.List;

/**
 * What happens to a flow, and which rules of other programs affect it.
 *
 * @param others the rules of programs other than the proxy that the packet met and that changed or ended its path, in
 *     order
 * @param sources the rules of programs other than the proxy that changed the source address of the packet, in order
 * @param condition for people: what must be true for the outcome to be correct; "" if the outcome is certain
 */
public record Answer(Trace trace, List<TraceStep> others, List<TraceStep> sources, String condition) {
    /** Copies the lists. */
    public Answer {
        others = List.copyOf(others);
        sources = List.copyOf(sources);
    }

    /** Returns whether a rule of a program other than the proxy changed the source address on this path. */
    public boolean changedByOthers(TracePath path) {
        return path.masquerade() && path.steps().stream().anyMatch(sources::contains);
    }

    /** Returns the outcome over all paths. */
    public Outcome outcome() {
        return trace.outcome();
    }
}
