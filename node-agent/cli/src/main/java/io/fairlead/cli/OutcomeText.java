package io.fairlead.cli;

import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.IpPort;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of a packet, in words and as a tree. */
final class OutcomeText {

    private OutcomeText() {}

    static String of(Outcome outcome) {
        return of(outcome, IpPort::text);
    }

    /** With the caller's way to write an endpoint. */
    static String of(Outcome outcome, Function<IpPort, String> endpoint) {
        return switch (outcome.verdict()) {
            case DNAT ->
                "sent to " + outcome.endpoints().stream().map(endpoint).collect(Collectors.joining(", "))
                        + (outcome.masquerade() ? ", masqueraded" : "");
            case REJECT -> "refused with an ICMP error";
            case DROP -> "dropped";
            case ACCEPT -> "accepted, address unchanged";
            case PASS -> "passes, address unchanged";
        };
    }

    /** For programs. */
    static Map<String, @Nullable Object> tree(Outcome outcome) {
        return Json.object(
                "verdict",
                outcome.verdict().text(),
                "endpoints",
                outcome.endpoints().stream().map(IpPort::text).toList(),
                "masquerade",
                outcome.masquerade());
    }
}
