package io.fairlead.ui;

import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a Service on this node, in a few words.
 *
 * @param level how much attention the state needs
 * @param text the state for people
 */
record ServiceState(Level level, String text) {

    /**
     * The levels, from the one that needs most attention. A sign is shown beside the text, because some users do not
     * distinguish the colours.
     */
    enum Level {
        /** Packets to the Service are refused or dropped, or its rules are not in force. */
        BAD("bad", "✕"),
        /** Only some packets to the Service reach an endpoint. */
        PARTLY("partly", "!"),
        /** The Service needs no rules. */
        QUIET("quiet", "–"),
        /** Packets to every frontend reach an endpoint. */
        GOOD("good", "✓");

        private final String style;
        private final String sign;

        Level(String style, String sign) {
            this.style = style;
            this.sign = sign;
        }

        /** Returns the class in the style sheet. */
        String style() {
            return style;
        }

        String sign() {
            return sign;
        }
    }

    /**
     * Returns the state.
     *
     * @param quarantined the reason why the kernel refused the rules of the Service; null if it did not
     */
    static ServiceState of(ServicePlan service, @Nullable String quarantined) {
        if (quarantined != null) {
            return new ServiceState(Level.BAD, "in quarantine: the kernel refused its rules");
        }
        if (service.noRules() != null) {
            return new ServiceState(Level.QUIET, "needs no rules");
        }
        if (!service.ports().isEmpty() && service.ports().stream().noneMatch(PortPlan::anyEndpoints)) {
            return new ServiceState(Level.BAD, "no endpoint is ready: packets are rejected");
        }
        if (service.ports().stream().anyMatch(port -> !port.anyEndpoints())) {
            return new ServiceState(Level.PARTLY, "some ports have no ready endpoint");
        }
        if (dispositions(service).anyMatch(PortPlan.Disposition.LOCAL_WITHOUT_ENDPOINTS::equals)) {
            return new ServiceState(Level.PARTLY, "policy Local, and no endpoint on this node");
        }
        if (!service.conflicts().isEmpty()) {
            return new ServiceState(Level.PARTLY, "another Service has one of its addresses");
        }
        if (!service.refused().isEmpty()) {
            return new ServiceState(Level.PARTLY, "some addresses are outside the served ranges");
        }
        return new ServiceState(Level.GOOD, "served");
    }

    private static Stream<PortPlan.Disposition> dispositions(ServicePlan service) {
        return service.ports().stream()
                .flatMap(port -> port.frontends().stream().map(port::disposition));
    }
}
