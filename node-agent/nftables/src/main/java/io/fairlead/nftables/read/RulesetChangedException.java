package io.fairlead.nftables.read;

import java.io.Serial;

/**
 * Thrown if the ruleset changed during a dump, so the result may mix two generations. A function of {@link
 * NetlinkReader#attempt} may throw it; the reader then tries again.
 */
public final class RulesetChangedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public RulesetChangedException() {
        super(null, null, false, false);
    }
}
