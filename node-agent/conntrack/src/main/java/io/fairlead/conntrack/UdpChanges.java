package io.fairlead.conntrack;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PlanDelta.ServiceChange;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The UDP frontends whose serving endpoints have changed. Policies, topology and affinity do not decide which endpoints
 * are serving (CT-3).
 *
 * @param serving for each changed frontend, the endpoints that may keep their flows; an empty set if there is no
 *     endpoint
 * @param gone the frontends that no Service has any more
 */
record UdpChanges(Map<UdpFrontend, Set<IpPort>> serving, Set<UdpFrontend> gone) {
    static final UdpChanges NONE = new UdpChanges(Map.of(), Set.of());

    /** Copies the collections. */
    UdpChanges {
        serving = Map.copyOf(serving);
        gone = Set.copyOf(gone);
    }

    /**
     * Returns the UDP frontends that a plan delta changed. The delta contains a frontend that moved from one Service to
     * another in the changes of both Services. Such a frontend is not gone.
     */
    static UdpChanges of(PlanDelta delta) {
        Map<UdpFrontend, Set<IpPort>> before = new HashMap<>();
        Map<UdpFrontend, Set<IpPort>> after = new HashMap<>();
        for (ServiceChange change : delta.services().values()) {
            enter(change.before(), before);
            enter(change.after(), after);
        }
        Set<UdpFrontend> gone = new HashSet<>(before.keySet());
        gone.removeAll(after.keySet());
        after.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
        return after.isEmpty() && gone.isEmpty() ? NONE : new UdpChanges(after, gone);
    }

    boolean isEmpty() {
        return serving.isEmpty() && gone.isEmpty();
    }

    private static void enter(@Nullable ServicePlan service, Map<UdpFrontend, Set<IpPort>> frontends) {
        if (service == null) {
            return;
        }
        for (PortPlan port : service.ports()) {
            if (port.name().protocol() == Protocol.UDP) {
                Set<IpPort> serving = Set.copyOf(port.servingAddresses());
                for (Frontend frontend : port.frontends()) {
                    frontends.put(UdpFrontend.of(port.family(), frontend), serving);
                }
            }
        }
    }
}
