package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;

/** Opens the dialect of a mode on a node. Tests have their own dialects. */
@FunctionalInterface
public interface Dialects {

    /** Returns the dialect of this mode. */
    Dialect<?, ?> open(ProxyMode mode, DialectContext context);
}
