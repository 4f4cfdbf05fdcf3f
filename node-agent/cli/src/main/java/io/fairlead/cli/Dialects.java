package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;

/** Opens the dialect of a mode on a node; tests have dialects of their own. */
@FunctionalInterface
public interface Dialects {

    /** The dialect of this mode. */
    Dialect<?, ?> open(ProxyMode mode, DialectContext context);
}
