package io.fairlead.explain.walk;

import io.fairlead.core.flow.Verdict;
import io.fairlead.core.trace.TraceStep;
import org.jspecify.annotations.Nullable;

/**
 * A rule that may change what becomes of a packet, and of which it is not known whether it does.
 *
 * @param rule the rule
 * @param what the part of the rule that is not understood, or the fact that is not known
 * @param otherwise what becomes of the packet if the rule matches; null if that is not known either
 */
public record Doubt(TraceStep rule, String what, @Nullable Verdict otherwise) {

    /**
     * Returns one clause for people: "filter FORWARD "..." does not match (cannot evaluate: -m limit ...; if it
     * matches: dropped)".
     */
    public String text() {
        return rule.place() + " \"" + rule.rule() + "\" does not match (cannot evaluate: " + what + "; if it matches: "
                + (otherwise == null ? "its effect is unknown" : words(otherwise)) + ")";
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case DNAT -> "sent to another address";
            case REJECT -> "refused";
            case DROP -> "dropped";
            case ACCEPT, PASS -> "not translated";
        };
    }
}
