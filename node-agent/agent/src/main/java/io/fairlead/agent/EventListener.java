package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.PlanDelta.ServiceChange;
import io.fairlead.core.plan.RefusedAddress;
import io.fairlead.core.plan.ServicePlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * Writes an Event for each Service that is put into quarantine, which means that it has no new rules because the kernel
 * refused them. Also writes an Event and logs a warning for each address on which a Service is not served, because the
 * address is outside of the configured ranges, and for each annotation that is ignored.
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
            result.delta().services().forEach(this::planned);
        }
    }

    private void planned(ServiceName service, ServiceChange change) {
        ServicePlan before = change.before();
        ServicePlan after = change.after();
        if (after == null) {
            return;
        }
        List<RefusedAddress> refused = before == null ? List.of() : before.refused();
        report(service, "AddressNotServed", after.refused(), refused, RefusedAddress::text);
        List<IgnoredAnnotation> ignored = before == null ? List.of() : before.ignored();
        report(service, "AnnotationIgnored", after.ignored(), ignored, IgnoredAnnotation::text);
    }

    private <T> void report(
            ServiceName service, String reason, List<T> after, List<T> before, Function<T, String> text) {
        Set<T> reported = new HashSet<>(before);
        for (T each : after) {
            if (!reported.contains(each)) {
                LOG.warn("Service {}: {}", service, text.apply(each));
                events.service(service, true, reason, "Sync", text.apply(each));
            }
        }
    }
}
