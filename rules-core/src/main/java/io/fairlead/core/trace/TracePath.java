package io.fairlead.core.trace;

import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path that a packet may take.
 *
 * @param steps the rules that matched, in order
 * @param endpoint the endpoint that receives the packet; null unless the verdict is DNAT
 * @param masquerade whether the packet is masqueraded on this path
 * @param share the probability that a packet takes this path, greater than 0, at most 1
 */
public record TracePath(
        List<TraceStep> steps, Verdict verdict, @Nullable IpPort endpoint, boolean masquerade, double share) {

    /** Copies the steps. */
    public TracePath {
        steps = List.copyOf(steps);
    }
}
