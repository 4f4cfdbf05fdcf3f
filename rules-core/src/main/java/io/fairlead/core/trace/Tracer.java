package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;

/** Follows a packet through rules as the kernel would. */
public interface Tracer {

    /**
     * Returns every path that the flow may take, over all random choices.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    Trace trace(Flow flow);
}
