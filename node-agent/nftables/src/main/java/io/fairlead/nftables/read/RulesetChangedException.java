package io.fairlead.nftables.read;

import java.io.Serial;

/**
 * The ruleset changed during a dump, so the result may mix two generations. The exception never leaves this package.
 */
final class RulesetChangedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    RulesetChangedException() {
        super(null, null, false, false);
    }
}
