package io.fairlead.core.trace;

import java.io.Serial;

/** A rule, match or statement is unknown to a reader or tracer. Readers and tracers never guess. */
public final class UnknownRuleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Reports an unknown part of a rule.
     *
     * @param where the table and chain
     * @param rule the rule's text
     * @param what the unknown part
     */
    public UnknownRuleException(String where, String rule, String what) {
        super("unknown " + what + " in " + where + ": " + rule);
    }
}
