package io.fairlead.explain.walk;

import io.fairlead.core.flow.Verdict;
import io.fairlead.core.trace.TraceStep;
import org.jspecify.annotations.Nullable;

/**
 * A rule that would change what happens to a packet if it matched, but of which it is not known whether it matches.
 *
 * @param rule the step of the trace with the rule
 * @param what the part of the rule whose meaning is unknown, or the fact that is not known
 * @param otherwise what happens to the packet if the rule matches; null if that is not known either
 */
public record Doubt(TraceStep rule, String what, @Nullable Verdict otherwise) {

    /** Returns a clause for users, which names the rule, what is not known, and what happens if the rule matches. */
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
