package io.fairlead.cli;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.AllowedSources;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PortPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Explains why a packet to a Service cannot reach one endpoint: from the objects first, then from the rules. */
final class WhyNot {
    private final Planned planned;
    private final FlowModel model;
    private final AddressNames names;

    WhyNot(Planned planned, AddressNames names) {
        this.planned = planned;
        this.model = new FlowModel(planned.plan(), planned.host());
        this.names = names;
    }

    /** A Service port, and its frontend that a packet is sent to. */
    private record Served(PortPlan port, Frontend frontend) {
        private TrafficPolicy policy() {
            return frontend.external() ? port.external() : port.internal();
        }

        private String policyField() {
            return frontend.external() ? "externalTrafficPolicy" : "internalTrafficPolicy";
        }
    }

    /** A slice that contains the endpoint. */
    private record Member(SliceObject slice, SliceEndpoint endpoint) {}

    /**
     * Returns one sentence that says why the packet cannot reach the endpoint, or that it can.
     *
     * @param actual the outcome of the packet according to the rules
     */
    String sentence(Flow flow, Ip endpoint, Outcome actual) {
        String name = names.text(endpoint);
        if (actual.endpoints().stream().anyMatch(to -> to.ip().equals(endpoint))) {
            return name + " is one of the " + actual.endpoints().size() + " endpoints that the packet can reach.";
        }
        Optional<Served> served = served(flow);
        if (served.isEmpty()) {
            return name + " is not reached: no Service port among the objects has the address "
                    + new IpPort(flow.to(), flow.port()) + "/" + flow.protocol()
                    + " on this node.";
        }
        String reason = reason(served.get(), flow, endpoint, model.outcome(flow));
        return name + reason;
    }

    private Optional<Served> served(Flow flow) {
        return planned.plan()
                .ports(flow.to().family())
                .filter(port -> port.name().protocol() == flow.protocol())
                .flatMap(port -> port.frontends().stream()
                        .filter(frontend -> isFrontend(frontend, flow))
                        .map(frontend -> new Served(port, frontend)))
                .findFirst();
    }

    private boolean isFrontend(Frontend frontend, Flow flow) {
        return switch (frontend.key(flow.protocol())) {
            case Frontend.Key.Vip(Ip ip, var _, int port) -> ip.equals(flow.to()) && port == flow.port();
            case Frontend.Key.Node(var _, int port) ->
                port == flow.port() && planned.host().isLocal(flow.to());
        };
    }

    private String reason(Served served, Flow flow, Ip endpoint, Outcome expected) {
        String service = served.port().name().service().toString();
        List<Member> members = members(endpoint);
        List<Member> own = members.stream()
                .filter(member ->
                        member.slice().service().equals(served.port().name().service()))
                .toList();
        if (own.isEmpty()) {
            return " is in no EndpointSlice of " + service
                    + (members.isEmpty()
                            ? ". Either the selector of the Service does not match the labels of the pod, or the pod"
                                    + " has no address yet or has ended."
                            : ". It is an endpoint of " + services(members) + ".");
        }
        List<Member> withPort = own.stream()
                .filter(member -> member.slice().ports().stream().anyMatch(port -> isOf(port, served.port())))
                .toList();
        if (withPort.isEmpty()) {
            return " is not reached, because its EndpointSlice "
                    + own.getFirst().slice().name()
                    + " has no port \"" + served.port().name().port() + "\" for "
                    + served.port().name().protocol() + "; it has " + ports(own)
                    + ". The name of the port must be that in the Service, and the pod must have the target port.";
        }
        SliceEndpoint known = best(withPort);
        if (expected.endpoints().stream().anyMatch(to -> to.ip().equals(endpoint))) {
            return " is not reached, although the objects allow it: the rules in the kernel are different. fairlead"
                    + " verify " + service + " shows in which way.";
        }
        if (!known.ready()) {
            return " is not reached, because it is " + state(known) + ".";
        }
        return " is not reached, although it is ready: " + choice(served, flow, known) + ".";
    }

    private static boolean isOf(SliceObject.Port port, PortPlan plan) {
        return port.name().equals(plan.name().port())
                && port.protocol() == plan.name().protocol();
    }

    /**
     * Returns the endpoint that is used if several slices contain its address: the first that is ready, or the first of
     * all if none is ready.
     */
    private static SliceEndpoint best(List<Member> members) {
        return members.stream()
                .map(Member::endpoint)
                .filter(SliceEndpoint::ready)
                .findFirst()
                .orElse(members.getFirst().endpoint());
    }

    private static String state(SliceEndpoint endpoint) {
        if (endpoint.terminating()) {
            return endpoint.serving()
                    ? "terminating: a pod that ends is chosen only while no other endpoint is ready"
                    : "terminating and not serving any more";
        }
        return "not ready: its readiness probe fails, or a container is not running. kubectl describe pod shows which";
    }

    private String choice(Served served, Flow flow, SliceEndpoint endpoint) {
        PortPlan port = served.port();
        if (port.firewalled(served.frontend())
                && port.allowedSources() instanceof AllowedSources.Within
                && !port.allowedSources().contain(flow.from())) {
            return "the loadBalancerSourceRanges of the Service do not contain the client " + names.text(flow.from());
        }
        String node = planned.settings().nodeName();
        if (served.policy() == TrafficPolicy.LOCAL && !node.equals(endpoint.nodeName())) {
            return "the " + served.policyField() + " of the Service is Local, and the endpoint runs "
                    + (endpoint.nodeName() == null
                            ? "on a node that its EndpointSlice does not name"
                            : "on node " + endpoint.nodeName() + ", not on this node (" + node + ")");
        }
        if (!endpoint.nodeHints().isEmpty() && !endpoint.nodeHints().contains(node)) {
            return "the hints in its EndpointSlice are for the nodes " + sorted(endpoint.nodeHints())
                    + ", and this node is " + node;
        }
        String zone = zone();
        if (!endpoint.zoneHints().isEmpty() && !endpoint.zoneHints().contains(zone)) {
            return "the hints in its EndpointSlice are for the zones " + sorted(endpoint.zoneHints())
                    + ", and this node is in " + (zone.isEmpty() ? "no known zone" : "zone " + zone);
        }
        return "the hints of other endpoints prefer this node, or another frontend has the same address";
    }

    private String zone() {
        return Optional.ofNullable(
                        planned.input().state().nodes().get(planned.settings().nodeName()))
                .map(NodeObject::zone)
                .orElse("");
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }

    private List<Member> members(Ip endpoint) {
        return planned.input().state().slices().values().stream()
                .flatMap(slice -> slice.endpoints().stream()
                        .filter(member -> member.ip().equals(endpoint))
                        .map(member -> new Member(slice, member)))
                .toList();
    }

    private static String services(List<Member> members) {
        return members.stream()
                .map(member -> member.slice().service().toString())
                .distinct()
                .sorted()
                .limit(5)
                .collect(Collectors.joining(", "));
    }

    private static String ports(List<Member> members) {
        String ports = members.stream()
                .flatMap(member -> member.slice().ports().stream())
                .map(port -> "\"" + port.name() + "\" (" + port.port() + "/" + port.protocol() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
        return Objects.equals(ports, "") ? "no ports" : ports;
    }
}
