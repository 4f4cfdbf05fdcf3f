package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.core.cluster.ServiceName;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes an Event for each Service that is put into quarantine, which means that it has no new rules because the kernel
 * refused them.
 */
final class EventListener implements RoundListener {
    private final EventSink events;
    private final Set<ServiceName> quarantined = new HashSet<>();

    EventListener(EventSink events) {
        this.events = events;
    }

    @Override
    public void after(RoundResult result) {
        result.quarantined().forEach((service, reason) -> {
            if (quarantined.add(service)) {
                events.service(service, true, "FailedToProgramService", "Sync", reason);
            }
        });
        quarantined.retainAll(result.quarantined().keySet());
    }
}
