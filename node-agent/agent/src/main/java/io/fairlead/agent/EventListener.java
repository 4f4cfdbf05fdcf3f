package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.PlanDelta.ServiceChange;
import io.fairlead.core.plan.RefusedAddress;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Writes an Event for each Service that is put into quarantine, which means that it has no new rules because the kernel
 * refused them. Also writes an Event and logs a warning for each address on which a Service is not served, because the
 * address is outside of the configured ranges.
 */
final class EventListener implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;

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
        if (result.delta() != null) {
            result.delta().services().forEach(this::refused);
        }
    }

    private void refused(ServiceName service, ServiceChange change) {
        if (change.after() == null) {
            return;
        }
        Set<RefusedAddress> reported = change.before() == null
                ? Set.of()
                : new HashSet<>(change.before().refused());
        for (RefusedAddress address : change.after().refused()) {
            if (!reported.contains(address)) {
                LOG.warn("Service {}: {}", service, address.text());
                events.service(service, true, "AddressNotServed", "Sync", address.text());
            }
        }
    }
}
