package io.fairlead.nft.render;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.rules.Refusal;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Renders the part of the table that does not depend on Services: the chains that look up elements in maps, and the
 * sets and maps that all Services share, without the elements of Services.
 */
final class NodeRenderer {
    static final Expression VIP = Expression.of(Field.DESTINATION_ADDRESS, Field.PROTOCOL, Field.PORT);
    static final Expression NODE_PORT = Expression.of(Field.PROTOCOL, Field.PORT);

    private final NodePlan node;
    private final Masquerade masquerade;

    NodeRenderer(NodePlan node) {
        this.node = node;
        this.masquerade = new Masquerade(node);
    }

    List<NamedSet> sets() {
        List<NamedSet> sets = new ArrayList<>();
        SetType vips = new SetType.VipVerdicts();
        SetType nodePorts = new SetType.NodePortVerdicts();
        sets.add(set(Names.SERVICE_IPS, vips, "ClusterIP, ExternalIP and LoadBalancer IP traffic"));
        sets.add(set(Names.SERVICE_NODE_PORTS, nodePorts, "NodePort traffic"));
        sets.add(set(Names.NO_ENDPOINT_SERVICES, vips, "vmap to drop or reject packets to services with no endpoints"));
        sets.add(set(
                Names.NO_ENDPOINT_NODE_PORTS,
                nodePorts,
                "vmap to drop or reject packets to service nodeports with no endpoints"));
        sets.add(set(Names.FIREWALL_IPS, vips, "destinations that are subject to LoadBalancerSourceRanges"));
        sets.add(set(Names.STICKY, vips, "chains that remember clients of Services with ClientIP affinity"));
        sets.add(set(Names.NODE_PORT_STICKY, nodePorts, "the same for node ports"));
        for (Names.Pool pool : Names.Pool.values()) {
            sets.add(set(pool.picks(), pool.nodePort() ? nodePorts : vips, "how an endpoint is picked"));
            for (Protocol protocol : Protocol.values()) {
                sets.add(set(
                        pool.endpoints(protocol),
                        pool.nodePort() ? new SetType.NodePortEndpoints(protocol) : new SetType.VipEndpoints(protocol),
                        ""));
            }
        }
        sets.add(set(Names.CLUSTER_IPS, new SetType.Addresses(), "Active ClusterIPs"));
        sets.add(set(Names.HAIRPIN, new SetType.Pairs(), "pods of this node that reach themselves"));
        if (node.nodePortAddresses() instanceof NodePortAddresses.Only(var addresses)) {
            sets.add(new NamedSet(
                    Names.NODE_PORT_IPS,
                    new SetType.Addresses(),
                    Comment.nearest("IPs that accept NodePort traffic"),
                    addresses.stream()
                            .map(ip -> Element.of(new ElementKey.Address(ip)))
                            .toList()));
        }
        return sets;
    }

    /** Returns the needs that exist even if there is no Service. */
    Set<Need> needs() {
        return node.serviceCidrs().isEmpty() ? Set.of() : Set.of(Need.CLUSTER_IPS);
    }

    List<Chain> chains() {
        List<Chain> chains = new ArrayList<>();
        chains.add(chain(Names.SERVICES, "", services()));
        chains.add(chain(Names.FIREWALL_CHECK, "", Rule.of(new Statement.LookUpVerdict(VIP, Names.FIREWALL_IPS))));
        chains.add(chain(Names.NODE_PORT_ENDPOINTS_CHECK, "", nodePortEndpointsCheck()));
        chains.add(chain(
                Names.SERVICE_ENDPOINTS_CHECK,
                "",
                Rule.of(new Statement.LookUpVerdict(VIP, Names.NO_ENDPOINT_SERVICES))));
        chains.add(chain(Names.CLUSTER_IPS_CHECK, "", clusterIpsCheck()));
        chains.add(chain(
                Names.REJECT,
                "helper for @no-endpoint-services / @no-endpoint-nodeports",
                Rule.of(new Statement.Reject(Refusal.TCP_RESET)),
                Rule.of(new Statement.Reject(Refusal.PORT_UNREACHABLE))));
        chains.add(chain(Names.MASQUERADING, "", masquerading()));
        chains.add(chain(Names.LEARN, "", learn()));
        for (boolean local : List.of(false, true)) {
            chains.add(clusterIpPolicy(local));
            chains.add(externalPolicy(false, local));
            chains.add(externalPolicy(true, local));
        }
        return chains;
    }

    /**
     * Returns the chain that chooses one of {@code pick.size()} endpoints (AFF-1). It needs one lookup, with a random
     * number in the key.
     */
    static Chain pick(Names.Pick pick) {
        List<Rule> rules = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            Expression.Random random = new Expression.Random(pick.size());
            Expression key = pick.pool().nodePort()
                    ? Expression.of(port(protocol), random)
                    : Expression.of(Field.DESTINATION_ADDRESS, port(protocol), random);
            rules.add(Rule.of(new Statement.Dnat(key, pick.pool().endpoints(protocol))));
        }
        if (pick.size() > 1) {
            rules.add(Rule.of(new Statement.Decide(new Verdict.Goto(pick.pool().pick(1))))
                    .withComment("the pool has just become smaller"));
        }
        return new Chain(pick.pool().pick(pick.size()), null, Comment.NONE, rules);
    }

    static Field port(Protocol protocol) {
        return switch (protocol) {
            case TCP -> Field.TCP_PORT;
            case UDP -> Field.UDP_PORT;
            case SCTP -> Field.SCTP_PORT;
        };
    }

    /** Returns the rules of chain {@code services} (NFT-6). */
    private Rule[] services() {
        List<Statement> toNode = new ArrayList<>();
        if (node.nodePortAddresses() instanceof NodePortAddresses.AnyLocal) {
            toNode.add(new Statement.IsLocal(Field.DESTINATION_ADDRESS));
        }
        toNode.add(nodePortAddress());
        toNode.add(new Statement.LookUpVerdict(NODE_PORT, Names.SERVICE_NODE_PORTS));
        return new Rule[] {Rule.of(new Statement.LookUpVerdict(VIP, Names.SERVICE_IPS)), new Rule(toNode, Comment.NONE)
        };
    }

    /** Returns the rule that refuses packets to node ports without usable endpoints (NFT-7). */
    private Rule nodePortEndpointsCheck() {
        return Rule.of(nodePortAddress(), new Statement.LookUpVerdict(NODE_PORT, Names.NO_ENDPOINT_NODE_PORTS));
    }

    private Statement nodePortAddress() {
        return switch (node.nodePortAddresses()) {
            case NodePortAddresses.Only _ -> new Statement.InSet(Field.DESTINATION_ADDRESS, false, Names.NODE_PORT_IPS);
            case NodePortAddresses.AnyLocal _ ->
                new Statement.AddressIn(Field.DESTINATION_ADDRESS, true, List.of(loopback(node.family())));
        };
    }

    private static Cidr loopback(IpFamily family) {
        return switch (family) {
            case IPV4 -> new Cidr(new Ipv4(0x7f000000), 8);
            case IPV6 -> Cidr.ofHost(new Ipv6(0, 1));
        };
    }

    /**
     * Returns the rules that refuse packets to ClusterIPs if no Service uses the port or the address (NFT-9, NEH-5,
     * NEH-6).
     */
    private Rule[] clusterIpsCheck() {
        List<Rule> rules = new ArrayList<>();
        rules.add(Rule.of(
                        new Statement.InSet(Field.DESTINATION_ADDRESS, false, Names.CLUSTER_IPS),
                        new Statement.Reject(Refusal.PORT_UNREACHABLE))
                .withComment("Reject traffic to invalid ports of ClusterIPs"));
        if (!node.serviceCidrs().isEmpty()) {
            rules.add(Rule.of(
                            new Statement.AddressIn(Field.DESTINATION_ADDRESS, false, node.serviceCidrs()),
                            new Statement.Decide(new Verdict.Drop()))
                    .withComment("Drop traffic to unallocated ClusterIPs"));
        }
        return rules.toArray(Rule[]::new);
    }

    /** Returns the rules of the chain {@code masquerading} (NFT-11, MQ-7). */
    private Rule[] masquerading() {
        Expression pair = Expression.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS, Field.PROTOCOL, Field.PORT);
        return new Rule[] {
            Rule.of(
                            new Statement.DestinationTranslated(),
                            new Statement.InSet(pair, false, Names.HAIRPIN),
                            masquerade.mark())
                    .withComment("a pod that reaches itself"),
            Rule.of(new Statement.MarkIsUnset(node.mark()), new Statement.Decide(new Verdict.Return())),
            Rule.of(new Statement.FlipMark(node.mark())),
            Rule.of(new Statement.Masquerade())
        };
    }

    /**
     * Returns the rules that store the endpoint of a client. They run after the destination is translated, and use the
     * original destination to find the Service port.
     */
    private Rule[] learn() {
        Statement known = new Statement.ProtocolIs(List.of(Protocol.values()));
        Expression nodePort = Expression.of(Field.PROTOCOL, Field.ORIGINAL_PORT);
        Statement.LookUpVerdict ofNodePort = new Statement.LookUpVerdict(nodePort, Names.NODE_PORT_STICKY);
        boolean listed = node.nodePortAddresses() instanceof NodePortAddresses.Only;
        SetName addresses = listed ? Names.NODE_PORT_IPS : Names.CLUSTER_IPS;
        return new Rule[] {
            Rule.of(
                    known,
                    new Statement.LookUpVerdict(
                            Expression.of(Field.ORIGINAL_ADDRESS, Field.PROTOCOL, Field.ORIGINAL_PORT), Names.STICKY)),
            Rule.of(known, new Statement.InSet(Field.ORIGINAL_ADDRESS, !listed, addresses), ofNodePort)
        };
    }

    /**
     * Returns the policy chain for ClusterIPs. It corresponds to NFT-15 without the choice of an endpoint.
     *
     * @param local whether the internal traffic policy is Local
     */
    private Chain clusterIpPolicy(boolean local) {
        List<Rule> rules = new ArrayList<>(masquerade.ofClusterIps());
        rules.add(Rule.of(picks(false, local)));
        return chain(Names.policy(false, false, local), "", rules.toArray(Rule[]::new));
    }

    /**
     * Returns the policy chain for external addresses or node ports (NFT-16, NFT-17).
     *
     * @param nodePort whether the chain is for node ports
     * @param local whether the external traffic policy is Local
     */
    private Chain externalPolicy(boolean nodePort, boolean local) {
        List<Rule> rules = new ArrayList<>();
        if (local) {
            Statement fromNode = new Statement.IsLocal(Field.SOURCE_ADDRESS);
            masquerade
                    .fromPods(false)
                    .map(fromPods -> Rule.of(fromPods, picks(nodePort, false)).withComment("short-circuit pod traffic"))
                    .ifPresent(rules::add);
            rules.add(Rule.of(fromNode, masquerade.mark()).withComment("masquerade local traffic"));
            rules.add(Rule.of(fromNode, picks(nodePort, false)).withComment("short-circuit local traffic"));
        } else {
            rules.add(Rule.of(masquerade.mark()));
        }
        rules.add(Rule.of(picks(nodePort, local)));
        return chain(Names.policy(nodePort, true, local), "", rules.toArray(Rule[]::new));
    }

    private static Statement picks(boolean nodePort, boolean local) {
        Names.Pool pool = nodePort
                ? local ? Names.Pool.NODE_PORT_LOCAL : Names.Pool.NODE_PORT
                : local ? Names.Pool.VIP_LOCAL : Names.Pool.VIP;
        return new Statement.LookUpVerdict(nodePort ? NODE_PORT : VIP, pool.picks());
    }

    private static Chain chain(ChainName name, String comment, Rule... rules) {
        return new Chain(name, null, Comment.nearest(comment), List.of(rules));
    }

    private static NamedSet set(SetName name, SetType type, String comment) {
        return new NamedSet(name, type, Comment.nearest(comment), List.of());
    }
}
