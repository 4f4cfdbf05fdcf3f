package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * The addresses of the interfaces as last listed. If they cannot be listed, that is logged and the last list stays in
 * use, an empty one at the start: a Service without node ports is better than none at all (NP-8).
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
                        "cannot list the addresses of interfaces: {}; using the {} known before",
                        e.getMessage(),
                        last.size());
            }
            failing = true;
        }
        return last;
    }

    /** Whether they have never been listed. */
    synchronized boolean isUnknown() {
        return failing && last.isEmpty();
    }
}
