package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpPort;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * All paths that a packet may take through a set of rules.
 *
 * @param paths at least one; the shares of all paths add up to 1
 */
public record Trace(Flow flow, List<TracePath> paths) {

    /**
     * Copies the paths.
     *
     * @throws IllegalArgumentException if there is no path
     */
    public Trace {
        paths = List.copyOf(paths);
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("no path for packet: " + flow);
        }
    }

    /**
     * Returns the outcome over all paths.
     *
     * @throws IllegalStateException if the verdicts of the paths differ. Rules that deliver a packet only sometimes are
     *     always wrong
     */
    public Outcome outcome() {
        Verdict verdict = paths.getFirst().verdict();
        for (TracePath path : paths) {
            if (path.verdict() != verdict) {
                throw new IllegalStateException(flow + " may be " + verdict.text() + " or "
                        + path.verdict().text());
            }
        }
        return new Outcome(
                verdict,
                paths.stream().map(TracePath::endpoint).filter(Objects::nonNull).toList(),
                paths.stream().anyMatch(TracePath::masquerade));
    }

    /**
     * Returns, for each endpoint, the probability that the packet is sent to this endpoint; an empty map if the packet
     * is sent to no endpoint.
     */
    public Map<IpPort, Double> shares() {
        Map<IpPort, Double> shares = new TreeMap<>();
        for (TracePath path : paths) {
            if (path.endpoint() != null) {
                shares.merge(path.endpoint(), path.share(), Double::sum);
            }
        }
        return shares;
    }

    /** Returns the number of steps at the start that all paths have in common. */
    public int sharedSteps() {
        List<TraceStep> first = paths.getFirst().steps();
        int shared = first.size();
        for (TracePath path : paths) {
            int same = 0;
            while (same < shared
                    && same < path.steps().size()
                    && path.steps().get(same).equals(first.get(same))) {
                same++;
            }
            shared = same;
        }
        return shared;
    }
}
