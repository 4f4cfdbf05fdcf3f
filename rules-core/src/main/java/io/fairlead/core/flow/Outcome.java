package io.fairlead.core.flow;

import io.fairlead.core.net.IpPort;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What may become of a flow, over all random choices.
 *
 * @param endpoints every endpoint it may be sent to, sorted as plain strings, each once; empty unless the verdict
 *     is DNAT
 * @param masquerade whether it may get the mark for masquerading (or be masqueraded without one: a pod reaching itself)
 */
public record Outcome(Verdict verdict, List<IpPort> endpoints, boolean masquerade) {

    /**
     * Sorts the endpoints.
     *
     * @throws IllegalArgumentException if endpoints and verdict contradict each other
     */
    public Outcome {
        endpoints = List.copyOf(new TreeSet<>(endpoints));
        if ((verdict == Verdict.DNAT) == endpoints.isEmpty()) {
            throw new IllegalArgumentException(verdict + " with endpoints " + endpoints);
        }
    }

    /** A verdict that leaves the address as it is. */
    public static Outcome of(Verdict verdict) {
        return new Outcome(verdict, List.of(), false);
    }

    /** To one of these. */
    public static Outcome dnat(Collection<IpPort> endpoints, boolean masquerade) {
        return new Outcome(Verdict.DNAT, List.copyOf(endpoints), masquerade);
    }
}
