package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * The addresses of the interfaces from the last listing. If listing fails, this is logged and the last addresses stay
 * in use; at the start these are none. A Service without node ports is better than no Service (NP-8).
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
        } catch (RuntimeException e) { // whatever tool it is that fails
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

    /** Returns whether the addresses were never listed. */
    synchronized boolean isUnknown() {
        return failing && last.isEmpty();
    }
}
