package io.fairlead.agent.live;

import io.fairlead.agent.logging.LogLine;
import io.fairlead.core.net.Ip;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The addresses of the interfaces as they were last seen. If they cannot be listed, that is said, and those of the last time
 * go on to count, none at the start: a Service without node ports is better than none at all (NP-8).
 */
final class InterfaceView implements Supplier<List<Ip>> {
    private final Supplier<List<Ip>> interfaces;
    private final Consumer<LogLine> log;
    private List<Ip> last = List.of();
    private boolean failing;

    InterfaceView(Supplier<List<Ip>> interfaces, Consumer<LogLine> log) {
        this.interfaces = interfaces;
        this.log = log;
    }

    @Override
    public synchronized List<Ip> get() {
        try {
            last = interfaces.get();
            failing = false;
        } catch (RuntimeException e) { // whatever tool it is that fails
            if (!failing) {
                log.accept(LogLine.error("cannot list the addresses of interfaces, " + last.size()
                        + " from before count: " + e.getMessage()));
            }
            failing = true;
        }
        return last;
    }

    /** Nobody has been able to list them yet. */
    synchronized boolean isUnknown() {
        return failing && last.isEmpty();
    }
}
