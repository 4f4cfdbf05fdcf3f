package io.fairlead.nft.render;

import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
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
import java.util.stream.IntStream;

/**
 * Renders the objects for ClientIP affinity of one Service port. A packet needs one lookup, however many endpoints
 * there are. There are up to two pools: all endpoints, and the endpoints of this node. Each pool has:
 *
 * <ul>
 *   <li>a map from client address to endpoint. The rules add its elements, and the kernel deletes expired elements;
 *   <li>a chain that sends a known client to its endpoint, and a new client to any endpoint;
 *   <li>a chain that stores clients. It runs after the destination is translated, and uses the original destination to
 *       find the pool that served the packet. If the endpoint of a client is no longer in the pool, the chain deletes
 *       the client from the map and drops the packet. The retransmitted packet then reaches an endpoint of the pool
 *       (AFF-10).
 * </ul>
 *
 * The key of the map is only the client. Therefore affinity applies to all addresses of the Service port together
 * (AFF-2). If an endpoint is in both pools, a client that one pool stores is also stored for the other pool (AFF-9).
 */
final class StickyRenderer {
    private final NodePlan node;
    private final PortPlan port;
    private final int timeoutSeconds;
    private final Comment comment;
    private final List<Names.Sticky> pools = new ArrayList<>();

    StickyRenderer(NodePlan node, PortPlan port, int timeoutSeconds, boolean cluster, boolean local) {
        this.node = node;
        this.port = port;
        this.timeoutSeconds = timeoutSeconds;
        this.comment = Comment.nearest(port.origin().text());
        String hash = port.name().hash("");
        if (cluster) {
            pools.add(new Names.Sticky(hash, false));
        }
        if (local) {
            pools.add(new Names.Sticky(hash, true));
        }
    }

    List<NamedSet> sets() {
        List<NamedSet> sets = new ArrayList<>();
        for (Names.Sticky pool : pools) {
            switch (port.family()) {
                case IPV4 ->
                    sets.add(new NamedSet(
                            pool.remembered(),
                            affinity(SetType.Affinity.Remembers.ADDRESS_AND_PORT),
                            comment,
                            List.of(),
                            port.origin()));
                case IPV6 -> {
                    sets.add(new NamedSet(
                            pool.remembered(),
                            affinity(SetType.Affinity.Remembers.ADDRESS),
                            comment,
                            List.of(),
                            port.origin()));
                    sets.add(new NamedSet(
                            pool.rememberedPorts(),
                            affinity(SetType.Affinity.Remembers.PORT),
                            comment,
                            List.of(),
                            port.origin()));
                }
            }
            List<Endpoint> endpoints = endpoints(pool);
            List<Element> live = endpoints.stream()
                    .map(endpoint -> Element.of(new ElementKey.Socket(endpoint.address()))
                            .from(port.origin()))
                    .toList();
            sets.add(new NamedSet(pool.live(), new SetType.Sockets(), comment, live, port.origin()));
            if (port.split().of(pool.local()).isEmpty()) {
                sets.add(numbered(pool.endpoints(), endpoints, port));
            }
        }
        return sets;
    }

    /** Returns a map from slot to endpoint. */
    static NamedSet numbered(SetName name, List<Endpoint> endpoints, PortPlan port) {
        Protocol protocol = port.name().protocol();
        List<Element> numbered = IntStream.range(0, endpoints.size())
                .mapToObj(i -> Element.of(
                                new ElementKey.Slot(protocol, i),
                                new ElementData.Target(endpoints.get(i).address()))
                        .from(port.origin()))
                .toList();
        Comment comment = Comment.nearest(port.origin().text());
        return new NamedSet(name, new SetType.PoolEndpoints(protocol), comment, numbered, port.origin());
    }

    /** Returns the rules that send a packet to a random endpoint of such a map. */
    static List<Rule> choose(Statement protocol, int size, SetName endpoints) {
        List<Rule> rules = new ArrayList<>();
        rules.add(Rule.of(protocol, new Statement.Dnat(slot(size), endpoints)));
        if (size > 1) {
            rules.add(Rule.of(protocol, new Statement.Dnat(slot(1), endpoints))
                    .withComment("the pool has just become smaller"));
        }
        return rules;
    }

    List<Chain> chains() {
        List<Chain> chains = new ArrayList<>();
        for (Names.Sticky pool : pools) {
            chains.add(chain(pool.chain(), send(pool)));
            chains.add(chain(pool.learn(), learn(pool)));
        }
        if (pools.size() == 2) {
            chains.add(chain(Names.learnMixed(port.name().hash("")), learnMixed()));
        }
        return chains;
    }

    private List<Endpoint> endpoints(Names.Sticky pool) {
        return pool.local() ? port.localEndpoints() : port.clusterEndpoints();
    }

    private SetType affinity(SetType.Affinity.Remembers remembers) {
        return new SetType.Affinity(timeoutSeconds, remembers);
    }

    private List<Rule> send(Names.Sticky pool) {
        Statement protocol = protocol();
        Statement again = switch (port.family()) {
            case IPV4 -> new Statement.Dnat(Field.SOURCE_ADDRESS, pool.remembered());
            case IPV6 -> new Statement.DnatOfTwo(Field.SOURCE_ADDRESS, pool.remembered(), pool.rememberedPorts());
        };
        List<Rule> rules = new ArrayList<>();
        rules.add(Rule.of(protocol, again).withComment("where it was before"));
        rules.addAll(
                port.split().of(pool.local()).isEmpty()
                        ? choose(protocol, endpoints(pool).size(), pool.endpoints())
                        : new DivisionRenderer(port, pool.local()).rules());
        return rules;
    }

    private static Expression slot(int size) {
        return Expression.of(Field.PROTOCOL, new Expression.Random(size));
    }

    private List<Rule> learn(Names.Sticky pool) {
        List<Statement> forget = new ArrayList<>();
        forget.add(new Statement.InSet(socket(), true, pool.live()));
        forget.addAll(forget(pool));
        forget.add(new Statement.Decide(new Verdict.Drop()));
        List<Rule> rules = new ArrayList<>();
        rules.add(new Rule(forget, Comment.nearest("not in the pool any more")));
        rules.add(new Rule(remember(pool), Comment.NONE));
        for (Names.Sticky other : pools) {
            if (!other.equals(pool)) {
                List<Statement> also = new ArrayList<>();
                also.add(new Statement.InSet(socket(), false, other.live()));
                also.addAll(remember(other));
                rules.add(new Rule(also, Comment.nearest("in both pools")));
            }
        }
        return rules;
    }

    /**
     * Returns the rules that find the pool that served the packet. They distinguish sources in the same way as the
     * policy chain (NFT-17): the pool of all endpoints served pods and the node itself.
     */
    private List<Rule> learnMixed() {
        Statement byAll = new Statement.Decide(new Verdict.Goto(pools.getFirst().learn()));
        List<Rule> rules = new ArrayList<>();
        new Masquerade(node)
                .fromPods(false)
                .map(fromPods -> Rule.of(fromPods, byAll))
                .ifPresent(rules::add);
        rules.add(Rule.of(new Statement.IsLocal(Field.SOURCE_ADDRESS), byAll));
        rules.add(Rule.of(new Statement.Decide(new Verdict.Goto(pools.getLast().learn()))));
        return rules;
    }

    private List<Statement> remember(Names.Sticky pool) {
        return switch (port.family()) {
            case IPV4 -> List.of(new Statement.Update(pool.remembered(), Field.SOURCE_ADDRESS, socket()));
            case IPV6 ->
                List.of(
                        protocol(),
                        new Statement.Update(pool.remembered(), Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS),
                        new Statement.Update(pool.rememberedPorts(), Field.SOURCE_ADDRESS, portField()));
        };
    }

    private List<Statement> forget(Names.Sticky pool) {
        return switch (port.family()) {
            case IPV4 -> List.of(new Statement.Delete(pool.remembered(), Field.SOURCE_ADDRESS, socket()));
            case IPV6 ->
                // Both elements are deleted. The statement "update" does not replace an existing element, and the port
                // of the next endpoint may differ.
                List.of(
                        new Statement.Delete(pool.remembered(), Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS),
                        new Statement.Delete(pool.rememberedPorts(), Field.SOURCE_ADDRESS, Field.PORT));
        };
    }

    private static Expression socket() {
        return Expression.of(Field.DESTINATION_ADDRESS, Field.PORT);
    }

    private Statement protocol() {
        return new Statement.ProtocolIs(List.of(port.name().protocol()));
    }

    private Field portField() {
        Protocol protocol = port.name().protocol();
        return NodeRenderer.port(protocol);
    }

    private Chain chain(ChainName name, List<Rule> rules) {
        return new Chain(name, null, comment, rules, port.origin());
    }
}
