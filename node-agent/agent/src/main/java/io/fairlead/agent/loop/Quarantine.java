package io.fairlead.agent.loop;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Services whose rules the kernel refused. In their place stands what was last applied of them, or nothing; they are
 * tried again when their plan changes.
 */
final class Quarantine {
    private final SortedMap<ServiceName, String> reasons = new TreeMap<>();
    private final Set<Held> standIns = new HashSet<>();

    /** False if it was there already: then leaving it out did not help. */
    boolean add(ServiceName service, String reason) {
        return reasons.putIfAbsent(service, reason) == null;
    }

    /** Whether a change neither releases a Service nor wants a frontend that a stand-in has. */
    boolean isApartFrom(PlanDelta delta) {
        return reasons.isEmpty()
                || (Collections.disjoint(reasons.keySet(), delta.services().keySet())
                        && Stream.of(IpFamily.values())
                                .flatMap(delta::after)
                                .noneMatch(port -> frontends(port).stream().anyMatch(standIns::contains)));
    }

    /** Lets go of whatever has changed. */
    void release(PlanDelta delta) {
        reasons.keySet().removeAll(delta.services().keySet());
    }

    boolean isEmpty() {
        return reasons.isEmpty();
    }

    SortedMap<ServiceName, String> reasons() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    }

    /**
     * The plan with stand-ins.
     *
     * @param applied what was last applied of each Service
     */
    Plan without(Plan plan, Map<ServiceName, ServicePlan> applied) {
        standIns.clear();
        if (reasons.isEmpty()) {
            return plan;
        }
        SortedMap<ServiceName, ServicePlan> services = new TreeMap<>(plan.services());
        services.keySet().removeAll(reasons.keySet());
        Set<Held> held = new HashSet<>();
        services.values().forEach(service -> service.ports().forEach(port -> held.addAll(frontends(port))));
        for (ServiceName name : reasons.keySet()) {
            ServicePlan old = applied.get(name);
            if (old != null
                    && old.ports().stream()
                            .noneMatch(port -> frontends(port).stream().anyMatch(held::contains))) {
                services.put(name, old);
                old.ports().forEach(port -> standIns.addAll(frontends(port)));
                held.addAll(standIns);
            }
        }
        return new Plan(plan.ipv4(), plan.ipv6(), services);
    }

    private record Held(IpFamily family, Frontend.Key key) {}

    private static Set<Held> frontends(PortPlan port) {
        Set<Held> keys = new HashSet<>();
        port.frontends()
                .forEach(frontend -> keys.add(
                        new Held(port.family(), frontend.key(port.name().protocol()))));
        return keys;
    }
}
