package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RememberedClients;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Logs a warning when the kernel's list of clients with session affinity is 90 % full for a Service port. Clients that
 * do not fit into a full list are served by any endpoint. The threshold is below 100 % because the lists are read only
 * when the rules are read from the kernel, which is rare. The warning is repeated only after all lists have fallen
 * below the threshold.
 */
final class AffinityListener implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;
    private static final double NEARLY_FULL = 0.9;

    private volatile double fill;
    private boolean warned;

    /** Returns the fill of the fullest list when the rules were last read, from 0 to 1. Thread-safe. */
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
