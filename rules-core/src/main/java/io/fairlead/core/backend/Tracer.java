package io.fairlead.core.backend;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.trace.Trace;

/** Walks rules as the kernel would. */
public interface Tracer {

    /**
     * Every way the flow may take, over all random choices.
     *
     * @throws UnknownRuleException if the packet meets anything whose meaning is not known
     */
    Trace trace(Flow flow);
}
