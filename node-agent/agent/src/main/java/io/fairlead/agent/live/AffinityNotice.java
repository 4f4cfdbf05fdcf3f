package io.fairlead.agent.live;

import io.fairlead.agent.logging.LogLine;
import io.fairlead.core.rules.RememberedClients;
import java.util.Optional;

/**
 * Tells once when a list of clients with affinity gets full: further clients are served, but wherever chance sends them. Rules are
 * read only now and then, so it is told early.
 */
final class AffinityNotice {
    private static final double NEARLY_FULL = 0.9;

    private volatile double fill;
    private boolean told;

    /** How full the fullest list was when rules were last read, 0 to 1. Any thread. */
    double fill() {
        return fill;
    }

    /** Rules have been read; empty if nothing has to be said that has not been said. */
    Optional<LogLine> look(Optional<RememberedClients> fullest) {
        fill = fullest.map(RememberedClients::fill).orElse(0.0);
        boolean tells = fill >= NEARLY_FULL && !told;
        told = fill >= NEARLY_FULL;
        return tells
                ? fullest.map(list -> LogLine.warning(
                        "affinity: " + list.servicePort() + " remembers " + list.clients() + " clients, of "
                                + list.limit() + " at most; more are served by any endpoint, and not remembered"))
                : Optional.empty();
    }
}
