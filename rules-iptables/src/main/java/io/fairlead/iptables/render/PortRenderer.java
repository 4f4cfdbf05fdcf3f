package io.fairlead.iptables.render;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.PortPlan.Disposition;
import io.fairlead.core.rules.Refusal;
import io.fairlead.iptables.dispatch.DispatchChain;
import io.fairlead.iptables.dispatch.DispatchEntry;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders the rules of one Service port. */
final class PortRenderer {
    /** The addresses at which node ports are served on localhost. IPv4 only (NP-11). */
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    private static final Target MARK_FOR_MASQUERADE = new Target.Jump(ChainName.MARK_MASQ);

    private final PortPlan port;
    private final NodePlan node;
    private final RuleOptions options;
    private final boolean largeCluster;
    private final String name;
    private final Origin origin;
    private final Match protocol;
    private final Map<Endpoint, ChainName> endpointChains = new LinkedHashMap<>();

    private final ChainName clusterChain;
    private final ChainName localChain;
    private final ChainName externalChain;
    private final ChainName firewallChain;
    private final Map<DispatchChain, List<DispatchEntry>> listed = new EnumMap<>(DispatchChain.class);

    PortRenderer(PortPlan port, NodePlan node, RuleOptions options, boolean largeCluster) {
        this.port = port;
        this.node = node;
        this.options = options;
        this.largeCluster = largeCluster;
        this.name = port.name().text();
        this.origin = port.origin();
        this.protocol = new Match.IsProtocol(port.name().protocol());
        String hash = port.name().hash("");
        this.clusterChain = new ChainName(ChainName.Kind.CLUSTER.prefix() + hash);
        this.localChain = new ChainName(ChainName.Kind.LOCAL.prefix() + hash);
        this.externalChain = new ChainName(ChainName.Kind.EXTERNAL.prefix() + hash);
        this.firewallChain = new ChainName(ChainName.Kind.FIREWALL.prefix() + hash);
    }

    PortRules render() {
        list();
        return new PortRules(listed, chains());
    }

    PortRules renderListed() {
        list();
        return new PortRules(listed, List.of());
    }

    private void list() {
        port.frontends().forEach(this::addFrontend);
        if (port.healthCheckNodePort() != 0 && !port.frontends().isEmpty()) {
            addHealthCheck(port.healthCheckNodePort());
        }
    }

    private void add(DispatchChain trunk, Frontend.Key key, Rule rule) {
        List<DispatchEntry> there = listed.computeIfAbsent(trunk, _ -> new ArrayList<>());
        there.add(DispatchEntry.of(key, there.size(), rule));
    }

    private boolean hasIn(DispatchChain trunk) {
        return listed.containsKey(trunk);
    }

    private void addFrontend(Frontend frontend) {
        Disposition disposition = port.disposition(frontend);
        Frontend.Key key = frontend.key(port.name().protocol());
        switch (frontend) {
            case Frontend.ClusterIp(Ip ip, int number) -> {
                if (disposition == Disposition.REJECT || disposition == Disposition.LOCAL_WITHOUT_ENDPOINTS) {
                    add(DispatchChain.FILTER_SERVICES, key, refusal(disposition, to(ip, number)));
                } else {
                    add(DispatchChain.NAT_SERVICES, key, dispatch("cluster IP", ip, number, internalChain()));
                }
            }
            case Frontend.ExternalIp(Ip ip, int number) ->
                addExternal(key, dispatch("external IP", ip, number, externalChain), disposition, to(ip, number));
            case Frontend.LoadBalancerIp(Ip ip, int number) -> addLoadBalancer(key, ip, number, disposition);
            case Frontend.NodePort(int number) -> addNodePort(key, number, disposition);
        }
    }

    /** Adds the rules for an external address (IPT-7, IPT-11, IPT-20). */
    private void addExternal(Frontend.Key key, Rule dispatch, Disposition disposition, List<Match> matches) {
        if (disposition != Disposition.REJECT) {
            add(DispatchChain.NAT_SERVICES, key, dispatch);
        }
        if (disposition == Disposition.REJECT || disposition == Disposition.LOCAL_WITHOUT_ENDPOINTS) {
            add(DispatchChain.FILTER_EXTERNAL, key, refusal(disposition, matches));
        }
    }

    /**
     * Adds the rules for a load balancer IP (IPT-12, LBF-6). If the Service has no endpoint on any node, packets are
     * only rejected, and the source ranges need no rule.
     */
    private void addLoadBalancer(Frontend.Key key, Ip ip, int number, Disposition disposition) {
        boolean firewalled = port.firewalled(new Frontend.LoadBalancerIp(ip, number));
        ChainName to = firewalled ? firewallChain : externalChain;
        addExternal(key, dispatch("loadbalancer IP", ip, number, to), disposition, to(ip, number));
        if (firewalled && disposition != Disposition.REJECT) {
            Comment comment = comment(name + " traffic not accepted by " + firewallChain);
            add(DispatchChain.FILTER_FIREWALL, key, rule(new Target.Drop(), comment, to(ip, number)));
        }
    }

    /** Adds the rules for a node port (IPT-9, IPT-11, NP-18, NP-21). Refusals match every address of the node. */
    private void addNodePort(Frontend.Key key, int number, Disposition disposition) {
        List<Match> toPort = List.of(protocol, new Match.DestinationPort(number));
        if (disposition != Disposition.REJECT) {
            Target external = new Target.Jump(externalChain);
            if (options.counted() && node.localhostNodePorts()) {
                List<Match> toLocalhost = List.of(
                        protocol,
                        new Match.Destination(LOOPBACK, false),
                        new Match.DestinationPort(number),
                        new Match.Counted(CounterName.LOCALHOST_NODE_PORTS));
                add(DispatchChain.NAT_NODE_PORTS, key, rule(external, comment(name), toLocalhost));
            }
            add(DispatchChain.NAT_NODE_PORTS, key, rule(external, comment(name), toPort));
        }
        if (disposition == Disposition.REJECT || disposition == Disposition.LOCAL_WITHOUT_ENDPOINTS) {
            List<Match> toNode = List.of(new Match.DestinationIsLocal(), protocol, new Match.DestinationPort(number));
            add(DispatchChain.FILTER_EXTERNAL, key, refusal(disposition, toNode));
        }
    }

    private Rule dispatch(String what, Ip ip, int number, ChainName chain) {
        return rule(new Target.Jump(chain), comment(name + " " + what), to(ip, number));
    }

    private Rule refusal(Disposition disposition, List<Match> matches) {
        Target reject = new Target.Reject(Refusal.of(port.name().protocol()));
        return disposition == Disposition.REJECT
                ? rule(reject, comment(name + " has no endpoints"), matches)
                : rule(new Target.Drop(), comment(name + " has no local endpoints"), matches);
    }

    /**
     * Adds the rule for the health check node port (IPT-10, LBF-21). Health checks use TCP, also if the Service port
     * has another protocol.
     */
    private void addHealthCheck(int number) {
        add(
                DispatchChain.FILTER_NODE_PORTS,
                new Frontend.Key.Node(Protocol.TCP, number),
                rule(
                        new Target.Accept(),
                        comment(name + " health check node port"),
                        List.of(new Match.IsProtocol(Protocol.TCP), new Match.DestinationPort(number))));
    }

    /** Returns the Service port's own chains, except chains to which no rule jumps (IPT-20 to IPT-22). */
    private List<Chain> chains() {
        List<DispatchEntry> services = listed.getOrDefault(DispatchChain.NAT_SERVICES, List.of());
        boolean servesInternal = services.stream().anyMatch(this::leadsInside);
        boolean servesExternal =
                hasIn(DispatchChain.NAT_NODE_PORTS) || !services.stream().allMatch(this::leadsInside);
        boolean usesCluster = servesExternal || (servesInternal && port.internal() == TrafficPolicy.CLUSTER);
        boolean usesLocal = (servesExternal && port.external() == TrafficPolicy.LOCAL)
                || (servesInternal && port.internal() == TrafficPolicy.LOCAL);
        List<Chain> chains = new ArrayList<>();
        if (hasIn(DispatchChain.FILTER_FIREWALL)) {
            chains.add(chain(firewallChain, SourceRangeRules.of(port, externalChain)));
        }
        if (servesExternal) {
            chains.add(chain(externalChain, external()));
        }
        if (usesCluster) {
            chains.add(chain(clusterChain, balancing(clusterChain, false)));
        }
        if (usesLocal && !port.localEndpoints().isEmpty()) {
            chains.add(chain(localChain, balancing(localChain, true)));
        }
        endpointChains.forEach((endpoint, chain) -> chains.add(chain(chain, endpoint(endpoint, chain))));
        return chains;
    }

    private boolean leadsInside(DispatchEntry listed) {
        return internalChain().equals(listed.rule().leadsTo());
    }

    private ChainName internalChain() {
        return port.internal() == TrafficPolicy.LOCAL ? localChain : clusterChain;
    }

    /** Returns the rules that apply the external traffic policy (IPT-14, IPT-15, TP-8 to TP-12). */
    private List<Rule> external() {
        Target cluster = new Target.Jump(clusterChain);
        List<Rule> rules = new ArrayList<>();
        if (port.external() == TrafficPolicy.CLUSTER) {
            rules.add(rule(
                    MARK_FOR_MASQUERADE,
                    comment("masquerade traffic for " + name + " external destinations"),
                    List.of()));
            rules.add(rule(cluster, Comment.NONE, List.of()));
            return rules;
        }
        Match pod = fromPod(false);
        if (pod != null) {
            rules.add(rule(cluster, comment("pod traffic for " + name + " external destinations"), List.of(pod)));
        }
        rules.add(rule(
                MARK_FOR_MASQUERADE,
                comment("masquerade LOCAL traffic for " + name + " external destinations"),
                List.of(new Match.SourceIsLocal())));
        rules.add(rule(
                cluster,
                comment("route LOCAL traffic for " + name + " external destinations"),
                List.of(new Match.SourceIsLocal())));
        if (!port.localEndpoints().isEmpty()) {
            rules.add(rule(new Target.Jump(localChain), Comment.NONE, List.of()));
        }
        return rules;
    }

    /** Returns the rules that choose an endpoint (IPT-13, IPT-17, AFF-3). */
    private List<Rule> balancing(ChainName chain, boolean local) {
        List<Endpoint> endpoints = local ? port.localEndpoints() : port.clusterEndpoints();
        List<Rule> rules = new ArrayList<>();
        if (chain.equals(internalChain())) {
            masqueradeToClusterIp(rules);
        }
        if (port.affinity() instanceof Affinity.ClientIp(int timeout)) {
            for (Endpoint endpoint : endpoints) {
                ChainName to = chainOf(endpoint);
                rules.add(rule(new Target.Jump(to), toEndpoint(endpoint), List.of(new Match.RecentCheck(to, timeout))));
            }
        }
        for (Choice choice : Choice.of(endpoints, port.split().of(local))) {
            Endpoint endpoint = choice.endpoint();
            List<Match> chance = choice.chance() == null ? List.of() : List.of(new Match.Random(choice.chance()));
            rules.add(
                    hasChain(endpoint)
                            ? rule(new Target.Jump(chainOf(endpoint)), toEndpoint(endpoint), chance)
                            : direct(endpoint, chance));
        }
        return rules;
    }

    private boolean hasChain(Endpoint endpoint) {
        return switch (options.endpoints()) {
            case KUBE_PROXY -> true;
            case COMPACT ->
                port.affinity() instanceof Affinity.ClientIp || endpoint.place() != Endpoint.Place.OTHER_NODE;
        };
    }

    private Rule direct(Endpoint endpoint, List<Match> chance) {
        List<Match> matches = new ArrayList<>(chance);
        matches.add(protocol);
        return rule(new Target.Dnat(endpoint.address()), toEndpoint(endpoint), matches);
    }

    /**
     * Adds the rule that masquerades traffic to the ClusterIP (MQ-3 to MQ-5). The rule matches the ClusterIP, because
     * external traffic passes through the same chain.
     */
    private void masqueradeToClusterIp(List<Rule> rules) {
        for (Frontend frontend : port.frontends()) {
            if (frontend instanceof Frontend.ClusterIp(Ip ip, int number)) {
                List<Match> matches = new ArrayList<>(to(ip, number));
                Match notPod = fromPod(true);
                if (!node.masqueradeAll() && notPod == null) {
                    return;
                }
                if (!node.masqueradeAll() && notPod != null) {
                    matches.add(notPod);
                }
                rules.add(rule(MARK_FOR_MASQUERADE, comment(name + " cluster IP"), matches));
            }
        }
    }

    /** Returns the rules of one endpoint's chain (IPT-18, AFF-4, MQ-7). */
    private List<Rule> endpoint(Endpoint endpoint, ChainName chain) {
        Comment comment = largeCluster ? Comment.NONE : comment(name);
        List<Match> matches = port.affinity() instanceof Affinity.ClientIp
                ? List.of(new Match.RecentSet(chain), protocol)
                : List.of(protocol);
        return List.of(
                rule(MARK_FOR_MASQUERADE, comment, List.of(new Match.Source(Cidr.ofHost(endpoint.ip()), false))),
                rule(new Target.Dnat(endpoint.address()), comment, matches));
    }

    private ChainName chainOf(Endpoint endpoint) {
        return endpointChains.computeIfAbsent(endpoint, it -> ChainName.ofEndpoint(port.name(), it.text()));
    }

    private Comment toEndpoint(Endpoint endpoint) {
        return largeCluster ? Comment.NONE : comment(name + " -> " + endpoint.text());
    }

    /** Returns the match for packets from local pods (MQ-12); null if they cannot be recognized (MQ-9). */
    private @Nullable Match fromPod(boolean negated) {
        return switch (node.detector()) {
            case LocalDetector.None _ -> null;
            case LocalDetector.SourceCidr(Cidr cidr) -> new Match.Source(cidr, negated);
            case LocalDetector.Interface(var name) -> new Match.InInterface(name, false, negated);
            case LocalDetector.InterfacePrefix(var prefix) -> new Match.InInterface(prefix, true, negated);
        };
    }

    private List<Match> to(Ip ip, int number) {
        return List.of(protocol, new Match.Destination(Cidr.ofHost(ip), false), new Match.DestinationPort(number));
    }

    private Chain chain(ChainName chain, List<Rule> rules) {
        return new Chain(chain, rules, origin);
    }

    private Rule rule(Target target, Comment comment, List<Match> matches) {
        return new Rule.Known(matches, target, comment, origin);
    }

    private static Comment comment(String text) {
        return Comment.nearest(text);
    }
}
