package io.fairlead.ui;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.AllowedSources;
import io.fairlead.core.plan.Conflict;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.RefusedAddress;
import io.fairlead.core.plan.ServicePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One Service.
 *
 * @param remarks sentences about what is not as the Service asks: quarantine, conflicts, addresses that are not served
 * @param rules the rules of the Service, in the notation of each mode, the mode in use first
 */
record ServiceDetails(
        ServiceName name, ServiceState state, List<String> remarks, List<Port> ports, List<Notation.Shown> rules) {

    /** One port of a Service in one IP family. */
    record Port(String name, String family, List<Way> ways, List<Target> targets, List<String> policies) {}

    /**
     * A frontend and what happens to packets to it.
     *
     * @param traceLink the form for a trace to this frontend; "" for a node port, which has no address of its own
     */
    record Way(String address, String what, ServiceState.Level level, String traceLink) {}

    /** An endpoint. */
    record Target(String address, String place) {}

    /** Returns the verification of this Service. */
    String verifyLink() {
        return Query.link(UiSite.VERIFY, "service", name.text(), "run", "yes");
    }

    static String link(ServiceName name) {
        return Query.link(UiSite.SERVICE, "namespace", name.namespace(), "name", name.name());
    }

    static ServiceDetails of(Snapshot snapshot, ServicePlan service, List<Notation> notations) {
        return new ServiceDetails(
                service.name(),
                snapshot.state(service),
                remarks(snapshot, service),
                service.ports().stream().map(ServiceDetails::port).toList(),
                snapshot.plan()
                        .map(plan -> notations.stream()
                                .map(notation -> notation.shown(plan, service))
                                .toList())
                        .orElse(List.of()));
    }

    private static List<String> remarks(Snapshot snapshot, ServicePlan service) {
        List<String> remarks = new ArrayList<>();
        String quarantined = snapshot.quarantined(service.name());
        if (quarantined != null) {
            remarks.add("The kernel refused the rules of this Service: " + quarantined
                    + ". The rules before this change stay in force until the Service changes.");
        }
        if (service.noRules() != null) {
            remarks.add("The Service has no rules, because " + service.noRules().reason() + ".");
        }
        service.conflicts().stream().map(Conflict::text).forEach(remarks::add);
        service.refused().stream().map(RefusedAddress::text).forEach(remarks::add);
        return remarks;
    }

    private static Port port(PortPlan port) {
        return new Port(
                (port.name().port().isEmpty() ? "" : port.name().port() + ", ")
                        + port.name().protocol().text(),
                port.family().text(),
                port.frontends().stream().map(frontend -> way(port, frontend)).toList(),
                ServiceList.endpoints(port)
                        .map(endpoint -> new Target(endpoint.text(), place(endpoint)))
                        .toList(),
                policies(port));
    }

    private static Way way(PortPlan port, Frontend frontend) {
        boolean external = frontend.external();
        return switch (port.disposition(frontend)) {
            case CLUSTER ->
                new Way(
                        frontend.text(),
                        "sent to one of " + counted(port.clusterEndpoints().size(), "endpoint")
                                + limited(port, frontend),
                        ServiceState.Level.GOOD,
                        traceLink(port, frontend));
            case LOCAL ->
                new Way(
                        frontend.text(),
                        "sent to one of " + counted(port.localEndpoints().size(), "endpoint") + " on this node"
                                + fromInside(external) + limited(port, frontend),
                        ServiceState.Level.GOOD,
                        traceLink(port, frontend));
            case LOCAL_WITHOUT_ENDPOINTS ->
                new Way(
                        frontend.text(),
                        "dropped: policy Local, and no endpoint on this node" + fromInside(external),
                        ServiceState.Level.PARTLY,
                        traceLink(port, frontend));
            case REJECT ->
                new Way(
                        frontend.text(),
                        "rejected: no endpoint is ready",
                        ServiceState.Level.BAD,
                        traceLink(port, frontend));
        };
    }

    private static String fromInside(boolean external) {
        return external ? "; packets from pods and from this node are sent to any endpoint" : "";
    }

    private static String limited(PortPlan port, Frontend frontend) {
        return port.firewalled(frontend) ? ", only for clients in the source ranges" : "";
    }

    private static String traceLink(PortPlan port, Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp(var ip, int number) -> traceLink(port, ip.text(), number);
            case Frontend.ExternalIp(var ip, int number) -> traceLink(port, ip.text(), number);
            case Frontend.LoadBalancerIp(var ip, int number) -> traceLink(port, ip.text(), number);
            case Frontend.NodePort _ -> "";
        };
    }

    private static String traceLink(PortPlan port, String ip, int number) {
        return Query.link(
                UiSite.TRACE,
                "to",
                ip,
                "port",
                Integer.toString(number),
                "protocol",
                port.name().protocol().text());
    }

    private static String place(Endpoint endpoint) {
        return switch (endpoint.place()) {
            case THIS_NODE -> "on this node";
            case OTHER_NODE -> "on another node";
            case UNKNOWN -> "place unknown";
        };
    }

    private static List<String> policies(PortPlan port) {
        List<String> policies = new ArrayList<>();
        policies.add("internal traffic policy " + lower(port.internal()));
        if (port.frontends().stream().anyMatch(Frontend::external)) {
            policies.add("external traffic policy " + lower(port.external()));
        }
        if (port.affinity() instanceof Affinity.ClientIp(int seconds)) {
            policies.add("a client keeps its endpoint for " + seconds + " s (ClientIP affinity)");
        }
        if (port.allowedSources() instanceof AllowedSources.Within within) {
            policies.add("source ranges " + within.ranges().toString().replaceAll("[\\[\\]]", ""));
        }
        if (port.healthCheckNodePort() != 0) {
            policies.add("health check node port " + port.healthCheckNodePort());
        }
        if (!port.servingAddresses().isEmpty()) {
            policies.add("existing UDP flows may continue to "
                    + String.join(
                            ", ",
                            port.servingAddresses().stream().map(IpPort::text).toList()));
        }
        return policies;
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().charAt(0) + constant.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
