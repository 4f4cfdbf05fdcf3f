package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RememberedClients;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Warns once when a list of clients with affinity is nearly full. Clients that do not fit in are served by any
 * endpoint. Rules are rarely read, so the warning comes early.
 */
final class AffinityListener implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;
    private static final double NEARLY_FULL = 0.9;

    private volatile double fill;
    private boolean warned;

    /** Returns how full the fullest list was when rules were last read, from 0 to 1. Any thread may call it. */
    double fill() {
        return fill;
    }

    @Override
    public void after(RoundResult result) {
        for (Notice notice : result.notices()) {
            if (notice instanceof Notice.AffinityFill(Optional<RememberedClients> fullest)) {
                read(fullest);
            }
        }
    }

    private void read(Optional<RememberedClients> fullest) {
        fill = fullest.map(RememberedClients::fill).orElse(0.0);
        boolean nearlyFull = fill >= NEARLY_FULL;
        if (nearlyFull && !warned) {
            fullest.ifPresent(list -> LOG.warn(
                    "affinity list of {} has {} clients of at most {}; further clients have no affinity, and"
                            + " any endpoint may serve them",
                    list.servicePort(),
                    list.clients(),
                    list.limit()));
        }
        warned = nearlyFull;
    }
}
