package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.dump.NftListing;

/** Creates the {@link Dialect} for a mode. Tests replace it. */
public interface Dialects {

    /** Returns the dialect for this mode on the node of the context. */
    Dialect<?, ?> open(ProxyMode mode, DialectContext context);

    /** Returns the listing of the nftables rules of all programs on the node of the context. */
    NftListing listing(DialectContext context);
}
