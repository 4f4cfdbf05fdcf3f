package io.fairlead.nftables.read;

import java.io.Serial;

/** The ruleset changed while it was read, so what was read may be of two generations. Never leaves the package. */
final class RulesetChangedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    RulesetChangedException() {
        super(null, null, false, false);
    }
}
