package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Provides the addresses of the node's interfaces. If listing them fails, the error is logged and the last known
 * addresses are used. If listing has never succeeded, the list is empty: Services are then served without node ports,
 * which is better than not at all (NP-8).
 */
final class InterfaceView implements Supplier<List<Ip>> {
    private static final Logger LOG = AgentLog.LOG;

    private final Supplier<List<Ip>> interfaces;
    private List<Ip> last = List.of();
    private boolean failing;

    InterfaceView(Supplier<List<Ip>> interfaces) {
        this.interfaces = interfaces;
    }

    @Override
    public synchronized List<Ip> get() {
        try {
            last = interfaces.get();
            failing = false;
        } catch (RuntimeException e) { // any failure of the listing
            if (!failing) {
                LOG.error(
                        "cannot list the addresses of interfaces ({}); using the last {} addresses, retrying at the next recheck",
                        e.getMessage(),
                        last.size());
            }
            failing = true;
        }
        return last;
    }

    /** Returns whether listing the addresses fails and no address is known. */
    synchronized boolean isUnknown() {
        return failing && last.isEmpty();
    }
}
