package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;

/** Creates the {@link Dialect} for a mode. Tests replace it. */
@FunctionalInterface
public interface Dialects {

    /** Returns the dialect for this mode on the node of the context. */
    Dialect<?, ?> open(ProxyMode mode, DialectContext context);
}
