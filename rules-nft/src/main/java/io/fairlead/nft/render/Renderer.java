package io.fairlead.nft.render;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Renders plans.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A Service port consists of elements of shared maps; it has chains of its own only for source ranges and client
 *       affinity. A change of one port changes only its own {@link PortRules}.
 *   <li>A packet needs two lookups. The first leads from the frontend to the policy chain, which decides on
 *       masquerading and on the endpoints that the source may use. The second leads to the pick chain, which chooses an
 *       endpoint from a map by a random slot.
 *   <li>A pick chain exists for each number of endpoints that a frontend has. It ends with the chain for one endpoint,
 *       because a packet may query the map just after the pool became smaller.
 * </ol>
 */
public final class Renderer {
    private static final Comment TABLE_COMMENT = new Comment("rules for kube-proxy");

    private Renderer() {}

    /**
     * The part of a table that does not depend on Services. It is rendered once, so tables of a few Services are cheap.
     *
     * @param sets the sets that Services share; empty, except for the set of the node's addresses
     * @param chains the base chains, checks and policy chains
     */
    public record Base(IpFamily family, List<NamedSet> sets, List<Chain> chains) {
        /** Copies the lists. */
        public Base {
            sets = List.copyOf(sets);
            chains = List.copyOf(chains);
        }
    }

    /** Returns the part that does not depend on Services. */
    public static Base base(NodePlan node) {
        NodeRenderer renderer = new NodeRenderer(node);
        return new Base(node.family(), renderer.sets(), renderer.chains());
    }

    /** Returns our table in one family. */
    public static Table table(Plan plan, IpFamily family) {
        NodePlan node = plan.node(family);
        return table(base(node), plan.ports(family).map(port -> port(node, port)));
    }

    /** Returns the objects of one Service port. */
    public static PortRules port(NodePlan node, PortPlan port) {
        return new PortRenderer(node, port).render();
    }

    /** Returns a pick chain; it depends only on its name. */
    public static Chain pick(Names.Pick pick) {
        return NodeRenderer.pick(pick);
    }

    /** Returns a table with the node's part and these ports. */
    public static Table table(Base base, Stream<PortRules> ports) {
        return table(base.family(), base.sets(), base.chains(), ports, Renderer::pick);
    }

    /**
     * Returns a table of these ports alone: the node's part is missing, except for the shared sets in which they or the
     * others have elements.
     *
     * @param picks returns pick chains, as {@link #pick} does
     */
    public static Table part(
            Base base, List<PortRules> ports, List<PortRules> others, Function<Names.Pick, Chain> picks) {
        List<NamedSet> sets = new ArrayList<>();
        for (NamedSet set : base.sets()) {
            if (hasElements(set, ports) || hasElements(set, others)) {
                sets.add(set);
            }
        }
        return table(base.family(), sets, List.of(), ports.stream(), picks);
    }

    private static boolean hasElements(NamedSet set, List<PortRules> ports) {
        for (PortRules port : ports) {
            if (port.elements().containsKey(set.name())) {
                return true;
            }
        }
        return false;
    }

    private static Table table(
            IpFamily family,
            List<NamedSet> shared,
            List<Chain> ofNode,
            Stream<PortRules> ports,
            Function<Names.Pick, Chain> pickChains) {
        List<NamedSet> sets = new ArrayList<>();
        List<Chain> chains = new ArrayList<>(ofNode);
        Map<SetName, List<Element>> elements = new HashMap<>();
        Set<Names.Pick> picks = new HashSet<>();
        ports.forEach(port -> {
            port.elements()
                    .forEach((set, some) -> elements.computeIfAbsent(set, _ -> new ArrayList<>())
                            .addAll(some));
            sets.addAll(port.sets());
            chains.addAll(port.chains());
            picks.addAll(port.picks());
        });
        for (NamedSet set : shared) {
            sets.add(elements.containsKey(set.name()) ? filled(set, elements) : set);
        }
        picks.forEach(pick -> chains.add(pickChains.apply(pick)));
        return Table.of(family, TABLE_COMMENT, sets, chains, List.of());
    }

    private static NamedSet filled(NamedSet set, Map<SetName, List<Element>> elements) {
        List<Element> all = new ArrayList<>(set.elements());
        all.addAll(elements.getOrDefault(set.name(), List.of()));
        return set.with(all);
    }
}
