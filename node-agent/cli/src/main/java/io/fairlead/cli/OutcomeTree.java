package io.fairlead.cli;

import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.IpPort;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the outcome of a packet to a tree for JSON output. */
final class OutcomeTree {

    private OutcomeTree() {}

    static Map<String, @Nullable Object> of(Outcome outcome) {
        return Json.object(
                "verdict",
                outcome.verdict().text(),
                "endpoints",
                outcome.endpoints().stream().map(IpPort::text).toList(),
                "masquerade",
                outcome.masquerade());
    }
}
