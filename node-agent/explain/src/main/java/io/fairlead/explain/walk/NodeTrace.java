package io.fairlead.explain.walk;

import io.fairlead.core.flow.Outcome;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TraceStep;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens to a packet on a node.
 *
 * @param trace all paths of the packet, if no uncertain rule matches
 * @param doubts the uncertain rules that would change the outcome if they matched
 */
public record NodeTrace(Trace trace, List<Doubt> doubts) {
    /** Copies the doubts. */
    public NodeTrace {
        doubts = List.copyOf(doubts);
    }

    /** Returns the outcome over all paths. */
    public Outcome outcome() {
        return trace.outcome();
    }

    /** Returns the condition for the outcome, as text for users; "" if the outcome is certain. */
    public String condition() {
        return doubts.isEmpty()
                ? ""
                : "if " + doubts.stream().limit(3).map(Doubt::text).collect(Collectors.joining(", and "))
                        + (doubts.size() > 3 ? ", and " + (doubts.size() - 3) + " other rules" : "");
    }

    /** Returns the steps of other programs that changed the source address. */
    public List<TraceStep> sourcesOfOthers() {
        return stepsOfOthers().stream()
                .filter(step -> step.why().startsWith(TableWalk.NEW_SOURCE)
                        || step.why().equals(TableWalk.OWN_SOURCE))
                .toList();
    }

    /** Returns the steps of other programs than the proxy on all paths, each once. */
    public List<TraceStep> stepsOfOthers() {
        return trace.paths().stream()
                .flatMap(path -> path.steps().stream())
                .filter(step -> Owners.isOther(step.origin()))
                .distinct()
                .toList();
    }
}
