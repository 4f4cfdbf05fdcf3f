package io.fairlead.core.trace;

import java.io.Serial;

/** A rule, match or statement that a reader or tracer does not know. It never guesses. */
public final class UnknownRuleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Names what is not known.
     *
     * @param where table and chain
     * @param rule the rule's text
     * @param what the part that is not understood
     */
    public UnknownRuleException(String where, String rule, String what) {
        super("unknown " + what + " in " + where + ": " + rule);
    }
}
