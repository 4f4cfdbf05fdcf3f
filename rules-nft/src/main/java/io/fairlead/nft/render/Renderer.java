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
import java.util.stream.Stream;

/**
 * Renders plans.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A Service port is elements of shared maps; only source ranges and client affinity make chains. A change of
 *       one port changes its own {@link PortRules} and nothing else.
 *   <li>A packet takes two lookups: frontend to policy chain (masquerade, and whether its source may use all
 *       endpoints), then frontend to pick chain; the pick chain takes an endpoint from an element map by a random
 *       index.
 *   <li>A pick chain exists for each number of endpoints that some frontend has. It ends with the chain for one
 *       endpoint: a packet may read its map just after that has shrunk.
 * </ol>
 */
public final class Renderer {
    private static final Comment TABLE_COMMENT = new Comment("rules for kube-proxy");

    private Renderer() {}

    /**
     * What a table has whatever Services there are. Rendered once, it makes tables of a few Services cheap.
     *
     * @param sets those that Services share; empty, but for the node's own addresses
     * @param chains base chains, checks and policies
     */
    public record Base(IpFamily family, List<NamedSet> sets, List<Chain> chains) {
        /** Copies the lists. */
        public Base {
            sets = List.copyOf(sets);
            chains = List.copyOf(chains);
        }
    }

    /** The node's part. */
    public static Base base(NodePlan node) {
        NodeRenderer renderer = new NodeRenderer(node);
        return new Base(node.family(), renderer.sets(), renderer.chains());
    }

    /** Our table in one family. */
    public static Table table(Plan plan, IpFamily family) {
        NodePlan node = plan.node(family);
        return table(base(node), plan.ports(family).map(port -> port(node, port)));
    }

    /** What one Service port contributes. */
    public static PortRules port(NodePlan node, PortPlan port) {
        return new PortRenderer(node, port).render();
    }

    /** A pick chain; it depends on nothing but its name. */
    public static Chain pick(Names.Pick pick) {
        return NodeRenderer.pick(pick);
    }

    /** A table of the node's part and these ports. */
    public static Table table(Base base, Stream<PortRules> ports) {
        List<NamedSet> sets = new ArrayList<>();
        List<Chain> chains = new ArrayList<>(base.chains());
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
        for (NamedSet set : base.sets()) {
            sets.add(elements.containsKey(set.name()) ? filled(set, elements) : set);
        }
        picks.forEach(pick -> chains.add(pick(pick)));
        return Table.of(base.family(), TABLE_COMMENT, sets, chains, List.of());
    }

    private static NamedSet filled(NamedSet set, Map<SetName, List<Element>> elements) {
        List<Element> all = new ArrayList<>(set.elements());
        all.addAll(elements.getOrDefault(set.name(), List.of()));
        return set.with(all);
    }
}
