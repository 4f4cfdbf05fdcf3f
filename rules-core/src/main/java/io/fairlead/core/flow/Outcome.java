package io.fairlead.core.flow;

import io.fairlead.core.net.IpPort;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The possible results of a flow, over all random choices.
 *
 * @param endpoints every endpoint that the flow may reach, sorted as plain strings, without duplicates; empty unless
 *     the verdict is DNAT
 * @param masquerade whether the flow may get the masquerade mark, or may be masqueraded without a mark (a packet from a
 *     pod to the same pod)
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

    /**
     * Returns an outcome in which no address is changed.
     *
     * @throws IllegalArgumentException if the verdict is DNAT
     */
    public static Outcome of(Verdict verdict) {
        return new Outcome(verdict, List.of(), false);
    }

    /** Returns the text for people: "sent to 10.0.0.1:80, 10.0.0.2:80, masqueraded". */
    public String text() {
        return text(IpPort::text);
    }

    /**
     * Returns the text for people.
     *
     * @param endpoint returns the text for one endpoint
     */
    public String text(Function<IpPort, String> endpoint) {
        return switch (verdict) {
            case DNAT ->
                "sent to " + endpoints.stream().map(endpoint).collect(Collectors.joining(", "))
                        + (masquerade ? ", masqueraded" : "");
            case REJECT -> "refused";
            case DROP -> "dropped";
            case ACCEPT -> "accepted with unchanged addresses";
            case PASS -> "passes with unchanged addresses";
        };
    }

    /**
     * Returns the outcome of a flow that is sent to one of these endpoints.
     *
     * @throws IllegalArgumentException if there is no endpoint
     */
    public static Outcome dnat(Collection<IpPort> endpoints, boolean masquerade) {
        return new Outcome(Verdict.DNAT, List.copyOf(endpoints), masquerade);
    }
}
