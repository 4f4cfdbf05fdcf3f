package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;

/** Walks rules as the kernel would. */
public interface Tracer {

    /**
     * Every way the flow may take, over all random choices.
     *
     * @throws UnknownRuleException if the packet meets anything whose meaning is not known
     */
    Trace trace(Flow flow);
}
