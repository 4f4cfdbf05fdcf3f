package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;
import java.util.List;

/** Follows a packet through rules as the kernel would. */
public interface Tracer {

    /**
     * Returns every path that the flow may take, over all random choices.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    Trace trace(Flow flow);

    /**
     * Returns what happens to the flow. The default implementation is for a tracer that knows the rules of one program
     * only: its answer has no condition.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    default Answer answer(Flow flow) {
        return new Answer(trace(flow), List.of(), List.of(), "");
    }
}
