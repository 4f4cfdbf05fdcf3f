package io.fairlead.core.trace;

import java.io.Serial;

/**
 * Thrown if a reader or tracer meets a rule, match or statement that it does not know, or a loop of chains. Readers and
 * tracers never guess.
 */
public final class UnknownRuleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception for an unknown part of a rule.
     *
     * @param where the table and chain
     * @param rule the rule's text
     * @param what the unknown part
     */
    public UnknownRuleException(String where, String rule, String what) {
        super("unknown " + what + " in " + where + ": " + rule);
    }
}
