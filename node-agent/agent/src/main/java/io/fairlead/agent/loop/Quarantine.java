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
 * The Services whose rules the kernel refused. In the plan, each of these Services is replaced by its stand-in: the
 * last version of the Service whose rules were accepted, or nothing. When a Service changes, it is removed from the
 * quarantine, and its new rules are tried.
 */
final class Quarantine {
    private final SortedMap<ServiceName, String> reasons = new TreeMap<>();
    private final Set<Held> standIns = new HashSet<>();

    /**
     * Adds a Service. Returns false if the Service is already in the quarantine. In this case, leaving it out did not
     * help.
     */
    boolean add(ServiceName service, String reason) {
        return reasons.putIfAbsent(service, reason) == null;
    }

    /**
     * Returns whether a change is independent of the quarantine: it changes no Service in the quarantine, and uses no
     * address and port (frontend) of a stand-in.
     */
    boolean isApartFrom(PlanDelta delta) {
        return reasons.isEmpty()
                || (Collections.disjoint(reasons.keySet(), delta.services().keySet())
                        && Stream.of(IpFamily.values())
                                .flatMap(family -> delta.after(family).stream())
                                .noneMatch(port -> frontends(port).stream().anyMatch(standIns::contains)));
    }

    /** Removes all changed Services from the quarantine. */
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
     * Returns the plan in which the Services in the quarantine are replaced by their stand-ins. A stand-in is left out
     * if another Service uses one of its frontends.
     *
     * @param applied the last version of each Service whose rules were accepted
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
