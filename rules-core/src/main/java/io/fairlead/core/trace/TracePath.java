package io.fairlead.core.trace;

import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way a packet may take.
 *
 * @param steps rules that matched, in order
 * @param endpoint where it is sent; null unless the verdict is DNAT
 * @param share how likely this way is, over 0 up to 1, as the rules' probabilities say
 */
public record TracePath(
        List<TraceStep> steps, Verdict verdict, @Nullable IpPort endpoint, boolean masquerade, double share) {

    /** Copies the steps. */
    public TracePath {
        steps = List.copyOf(steps);
    }
}
