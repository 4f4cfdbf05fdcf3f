package io.fairlead.core.model;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.Split;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The flow model: computes the outcome of a flow from the policies of a plan. It does not use the rules. Immutable. */
public final class FlowModel {

    /** A frontend and the Service port that holds it. */
    private record Served(PortPlan port, Frontend frontend) {
        PortPlan.Disposition disposition() {
            return port.disposition(frontend);
        }
    }

    /** The source of a packet, with the properties that policies distinguish. */
    private record Source(Ip ip, boolean pod, boolean node) {}

    /** The choice of a Service port's endpoint: among those of this node, or among those of policy Cluster. */
    private record Translation(PortPlan port, boolean local, boolean masquerade) {
        List<Endpoint> endpoints() {
            return local ? port.localEndpoints() : port.clusterEndpoints();
        }
    }

    private final Plan plan;
    private final Host host;
    private final Map<Frontend.Key, Served> vips = new HashMap<>();
    private final Map<IpFamily, Map<Frontend.Key, Served>> nodePorts = new HashMap<>();
    private final Map<IpFamily, Set<Integer>> healthChecks = new HashMap<>();
    private final Set<Ip> clusterIps = new HashSet<>();
    private final Map<Protocol, Set<IpPort>> podsOfThisNode = new EnumMap<>(Protocol.class);

    /** Creates the model of a plan on a node that has the addresses of {@code host}. */
    public FlowModel(Plan plan, Host host) {
        this.plan = plan;
        this.host = host;
        for (IpFamily family : IpFamily.values()) {
            Map<Frontend.Key, Served> ofNode = new HashMap<>();
            Set<Integer> checks = new HashSet<>();
            plan.ports(family).forEach(port -> {
                clusterIps.add(port.clusterIp());
                if (!port.frontends().isEmpty()) {
                    checks.add(port.healthCheckNodePort());
                }
                for (Frontend frontend : port.frontends()) {
                    Frontend.Key key = frontend.key(port.name().protocol());
                    Served served = new Served(port, frontend);
                    (frontend instanceof Frontend.NodePort ? ofNode : vips).put(key, served);
                    reachable(served)
                            .filter(Endpoint::local)
                            .forEach(endpoint -> podsOfThisNode
                                    .computeIfAbsent(key.protocol(), _ -> new HashSet<>())
                                    .add(endpoint.address()));
                }
            });
            nodePorts.put(family, ofNode);
            healthChecks.put(family, checks);
        }
    }

    /** Returns all endpoints that a client can reach through a frontend, over all kinds of clients. */
    private static Stream<Endpoint> reachable(Served served) {
        PortPlan port = served.port();
        Stream<Endpoint> fromPodsAndNode =
                served.frontend().external() ? port.clusterEndpoints().stream() : Stream.of();
        return switch (served.disposition()) {
            case CLUSTER -> port.clusterEndpoints().stream();
            case LOCAL -> Stream.concat(port.localEndpoints().stream(), fromPodsAndNode);
            case LOCAL_WITHOUT_ENDPOINTS -> fromPodsAndNode;
            case REJECT -> Stream.of();
        };
    }

    /** Returns the possible results of the flow, over all random choices. */
    public Outcome outcome(Flow flow) {
        NodePlan node = plan.node(flow.from().family());
        Source source = source(flow, node);
        Optional<Served> vip = vip(flow);
        if (vip.isPresent() && node.mode().checksSourceRangesFirst() && barred(vip.get(), flow.from())) {
            return Outcome.of(Verdict.DROP);
        }
        return translation(flow, source, node)
                .map(translation -> to(translation, source, node))
                .orElseGet(() -> switch (node.mode()) {
                    case IPTABLES -> filteredByIptables(flow, source, vip, node);
                    case NFTABLES -> filteredByNftables(flow, source, vip, node);
                });
    }

    /**
     * Returns the probability with which the first packet of a client reaches each endpoint (TP-15, SPLIT-1); an empty
     * map if the packet is sent to no endpoint.
     */
    public Map<IpPort, Double> shares(Flow flow) {
        if (outcome(flow).verdict() != Verdict.DNAT) {
            return Map.of();
        }
        NodePlan node = plan.node(flow.from().family());
        Translation translation = translation(flow, source(flow, node), node).orElseThrow();
        PortPlan port = translation.port();
        List<Split.Share> split = port.split().of(translation.local());
        Map<IpPort, Double> shares = new TreeMap<>();
        for (Endpoint endpoint : split.isEmpty() ? translation.endpoints() : List.<Endpoint>of()) {
            shares.put(endpoint.address(), 1.0 / translation.endpoints().size());
        }
        for (Split.Share share : split) {
            double each = (double) share.weight()
                    / Split.weight(split)
                    / share.endpoints().size();
            share.endpoints().forEach(endpoint -> shares.merge(endpoint.address(), each, Double::sum));
        }
        return shares;
    }

    private Source source(Flow flow, NodePlan node) {
        return new Source(flow.from(), isPod(node, flow), host.isLocal(flow.from()));
    }

    private Optional<Served> vip(Flow flow) {
        return Optional.ofNullable(vips.get(new Frontend.Key.Vip(flow.to(), flow.protocol(), flow.port())));
    }

    private Optional<Translation> translation(Flow flow, Source source, NodePlan node) {
        return vip(flow)
                .filter(served -> !barred(served, flow.from()))
                .flatMap(served -> translate(served, source, node))
                .or(() -> nodePort(flow, node).flatMap(served -> translate(served, source, node)));
    }

    private boolean isPod(NodePlan node, Flow flow) {
        return switch (node.detector()) {
            case LocalDetector.None _ -> false;
            case LocalDetector.SourceCidr(Cidr cidr) -> cidr.contains(flow.from());
            case LocalDetector.Interface(InterfaceName name) ->
                flow.inputInterface() != null && name.equals(flow.inputInterface());
            case LocalDetector.InterfacePrefix(InterfaceName prefix) ->
                flow.inputInterface() != null && flow.inputInterface().text().startsWith(prefix.text());
        };
    }

    /**
     * Returns whether the source ranges of the Service exclude a client (LBF-1 to LBF-4). If they contain the address
     * of the node, they do not exclude a client whose address is a load balancer IP of the Service port.
     */
    private static boolean barred(Served served, Ip from) {
        PortPlan port = served.port();
        if (!port.firewalled(served.frontend())) {
            return false;
        }
        boolean throughItself = port.nodeInSourceRanges()
                && port.frontends().stream()
                        .anyMatch(frontend -> frontend instanceof Frontend.LoadBalancerIp own
                                && own.ip().equals(from));
        return !port.allowedSources().contain(from) && !throughItself;
    }

    private Optional<Served> nodePort(Flow flow, NodePlan node) {
        return servesNodePorts(node, flow.to()) ? anyNodePort(flow) : Optional.empty();
    }

    private Optional<Served> anyNodePort(Flow flow) {
        return Optional.ofNullable(nodePorts
                .getOrDefault(flow.to().family(), Map.of())
                .get(new Frontend.Key.Node(flow.protocol(), flow.port())));
    }

    private boolean servesNodePorts(NodePlan node, Ip to) {
        return switch (node.nodePortAddresses()) {
            case NodePortAddresses.AnyLocal(boolean loopback) -> host.isLocal(to) && (loopback || !to.isLoopback());
            case NodePortAddresses.Only(List<Ip> addresses) -> addresses.contains(to);
        };
    }

    /**
     * Returns how the destination of a packet is translated; empty if no rule translates it (TP-7 to TP-15, MQ-3 to
     * MQ-7).
     */
    private static Optional<Translation> translate(Served served, Source source, NodePlan node) {
        PortPlan port = served.port();
        boolean external = served.frontend().external();
        boolean detects = !(node.detector() instanceof LocalDetector.None);
        boolean clusterIpMasquerade = node.masqueradeAll() || (detects && !source.pod());
        return switch (served.disposition()) {
            case REJECT -> Optional.empty();
            case CLUSTER -> Optional.of(new Translation(port, false, external || clusterIpMasquerade));
            case LOCAL, LOCAL_WITHOUT_ENDPOINTS -> {
                if (external && source.pod()) {
                    yield Optional.of(new Translation(port, false, false));
                }
                if (external && source.node()) {
                    yield Optional.of(new Translation(port, false, true));
                }
                yield port.localEndpoints().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Translation(port, true, !external && clusterIpMasquerade));
            }
        };
    }

    private Outcome to(Translation translation, Source source, NodePlan node) {
        Protocol protocol = translation.port().name().protocol();
        List<IpPort> addresses = new ArrayList<>();
        boolean hairpin = false;
        for (Endpoint endpoint : translation.endpoints()) {
            addresses.add(endpoint.address());
            hairpin |= endpoint.ip().equals(source.ip()) && masqueradesHairpin(endpoint, protocol, node);
        }
        return Outcome.dnat(addresses, translation.masquerade() || hairpin);
    }

    /**
     * Returns whether a packet from a pod to the same pod is masqueraded (MQ-7). This is always true in iptables mode.
     * In nftables mode it is true if the pod is a local endpoint. One set of local endpoints serves all Services.
     * Therefore it is sufficient if any Service port with the same protocol lists the pod as a local endpoint.
     */
    private boolean masqueradesHairpin(Endpoint endpoint, Protocol protocol, NodePlan node) {
        return !node.mode().masqueradesOnlyLocalHairpin()
                || podsOfThisNode.getOrDefault(protocol, Set.of()).contains(endpoint.address());
    }

    /**
     * Returns the verdict of the filter table in iptables mode (NEH-3, LBF-6, NP-18, LBF-21). Which chain of the filter
     * table sees a packet depends on the path of the packet. If node ports are served on localhost, the rule of NP-15
     * comes before these chains. It drops a packet to a loopback address whose source is no loopback address.
     */
    private Outcome filteredByIptables(Flow flow, Source source, Optional<Served> vip, NodePlan node) {
        if (node.localhostNodePorts() && flow.to().isLoopback() && !flow.from().isLoopback()) {
            return Outcome.of(Verdict.DROP);
        }
        boolean toNode = host.isLocal(flow.to());
        boolean externalChainSeesIt = toNode || !source.node();
        boolean clusterIpChainSeesIt = !toNode || source.node();
        if (vip.isPresent()
                && vip.get().port().firewalled(vip.get().frontend())
                && vip.get().port().anyEndpoints()) {
            return Outcome.of(Verdict.DROP);
        }
        if (vip.isPresent() && !vip.get().frontend().external()) {
            return clusterIpChainSeesIt ? refusal(vip.get()) : Outcome.of(Verdict.PASS);
        }
        if (toNode
                && flow.protocol() == Protocol.TCP
                && healthChecks.getOrDefault(flow.to().family(), Set.of()).contains(flow.port())) {
            return Outcome.of(Verdict.ACCEPT);
        }
        if (externalChainSeesIt && vip.isPresent()) {
            return refusal(vip.get());
        }
        return toNode
                ? anyNodePort(flow).map(FlowModel::refusal).orElse(Outcome.of(Verdict.PASS))
                : Outcome.of(Verdict.PASS);
    }

    /** Returns the verdict of the filter chains in nftables mode (NEH-5, NEH-6, NP-18). */
    private Outcome filteredByNftables(Flow flow, Source source, Optional<Served> vip, NodePlan node) {
        boolean toNode = host.isLocal(flow.to());
        if (vip.isPresent()) {
            return refusal(vip.get());
        }
        if (!toNode || source.node()) {
            if (clusterIps.contains(flow.to())) {
                return Outcome.of(Verdict.REJECT);
            }
            if (node.serviceCidrs().stream().anyMatch(cidr -> cidr.contains(flow.to()))) {
                return Outcome.of(Verdict.DROP);
            }
        }
        return toNode
                ? nodePort(flow, node).map(FlowModel::refusal).orElse(Outcome.of(Verdict.PASS))
                : Outcome.of(Verdict.PASS);
    }

    private static Outcome refusal(Served served) {
        return switch (served.disposition()) {
            case REJECT -> Outcome.of(Verdict.REJECT);
            case LOCAL_WITHOUT_ENDPOINTS -> Outcome.of(Verdict.DROP);
            case CLUSTER, LOCAL -> Outcome.of(Verdict.PASS);
        };
    }
}
