package io.fairlead.nft.render;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.nft.layout.Hooks;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Renders a plan as an nftables table.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A Service port consists of elements in maps that all Services share. It has chains of its own only for source
 *       ranges and ClientIP affinity. If one Service port changes, only its own {@link PortRules} change.
 *   <li>A packet needs two lookups. The first lookup leads from the frontend to the policy chain, which decides whether
 *       the packet is masqueraded, and which endpoints its source may use. The second lookup leads to the pick chain,
 *       which chooses an endpoint from a map by a random slot. A slot is the number of an endpoint in its pool.
 *   <li>There is a pick chain for each number of endpoints that a frontend has. Its last rule goes to the pick chain
 *       for one endpoint. This rule is needed if a packet looks up a slot that was deleted a moment before, because the
 *       pool became smaller.
 * </ol>
 */
public final class Renderer {
    private static final Comment TABLE_COMMENT = new Comment("rules for kube-proxy");

    private Renderer() {}

    /**
     * The part of a table that does not depend on Services. It is rendered only once, so that rendering a table with a
     * few Services is cheap.
     *
     * @param sets the sets that all Services share; all are empty except the set of the node's addresses
     * @param chains all chains except the chains of {@link Hooks}, pick chains and the chains of Service ports
     * @param needs the reasons for which base chains exist without Services
     */
    public record Base(IpFamily family, List<NamedSet> sets, List<Chain> chains, Set<Need> needs) {
        /** Copies the lists. */
        public Base {
            sets = List.copyOf(sets);
            chains = List.copyOf(chains);
            needs = Set.copyOf(needs);
        }
    }

    /** Returns the part of a table that does not depend on Services. */
    public static Base base(NodePlan node) {
        NodeRenderer renderer = new NodeRenderer(node);
        return new Base(node.family(), renderer.sets(), renderer.chains(), renderer.needs());
    }

    /** Returns Fairlead's table in one address family. */
    public static Table table(Plan plan, IpFamily family) {
        NodePlan node = plan.node(family);
        return table(base(node), plan.ports(family).map(port -> port(node, port)));
    }

    /** Returns the objects of one Service port. */
    public static PortRules port(NodePlan node, PortPlan port) {
        return new PortRenderer(node, port).render();
    }

    /** Returns a pick chain. Its rules depend only on its name. */
    public static Chain pick(Names.Pick pick) {
        return NodeRenderer.pick(pick);
    }

    /** Returns a table that consists of {@code base} and the objects of these Service ports. */
    public static Table table(Base base, Stream<PortRules> ports) {
        Function<Set<Need>, Set<Need>> withBase = ofPorts -> {
            ofPorts.addAll(base.needs());
            return ofPorts;
        };
        return table(base.family(), base.sets(), base.chains(), ports, withBase, Renderer::pick);
    }

    /** Returns the sets of {@code base} in which these Service ports have elements. Does not add the elements. */
    public static List<NamedSet> shared(Base base, Collection<PortRules> ports) {
        List<NamedSet> sets = new ArrayList<>();
        Set<SetName> names = new HashSet<>();
        for (PortRules port : ports) {
            names.addAll(port.elements().keySet());
        }
        for (NamedSet set : base.sets()) {
            if (names.contains(set.name())) {
                sets.add(set);
            }
        }
        return sets;
    }

    /**
     * Returns a table that contains only the objects of these Service ports, the given shared sets, and base chains.
     * The other objects of {@code base} are missing.
     *
     * @param shared the shared sets; at least those in which the Service ports have elements
     * @param needs the needs for which the table has base chains
     * @param picks returns pick chains, as {@link #pick} does
     */
    public static Table part(
            Base base,
            List<NamedSet> shared,
            Collection<PortRules> ports,
            Set<Need> needs,
            Function<Names.Pick, Chain> picks) {
        return table(base.family(), shared, List.of(), ports.stream(), _ -> needs, picks);
    }

    /**
     * Returns a table.
     *
     * @param needs returns, for the needs of the ports, the needs for which the table has base chains
     */
    private static Table table(
            IpFamily family,
            List<NamedSet> shared,
            List<Chain> ofNode,
            Stream<PortRules> ports,
            Function<Set<Need>, Set<Need>> needs,
            Function<Names.Pick, Chain> pickChains) {
        List<NamedSet> sets = new ArrayList<>();
        List<Chain> chains = new ArrayList<>(ofNode);
        Map<SetName, List<Element>> elements = new HashMap<>();
        Set<SetName> copied = new HashSet<>();
        Set<Names.Pick> picks = new HashSet<>();
        Set<Need> ofPorts = EnumSet.noneOf(Need.class);
        ports.forEach(port -> {
            port.elements().forEach((set, some) -> add(set, some, elements, copied));
            sets.addAll(port.sets());
            chains.addAll(port.chains());
            picks.addAll(port.picks());
            ofPorts.addAll(port.needs());
        });
        for (NamedSet set : shared) {
            List<Element> some = elements.get(set.name());
            sets.add(some == null ? set : filled(set, some));
        }
        picks.forEach(pick -> chains.add(pickChains.apply(pick)));
        chains.addAll(Hooks.chains(needs.apply(ofPorts)));
        return Table.of(family, TABLE_COMMENT, sets, chains, List.of());
    }

    /**
     * Adds the elements that one Service port has in a set. If only one Service port has elements in the set, as in
     * most changes, its list of elements is not copied.
     *
     * @param some the elements to add
     * @param elements the elements of each set so far
     * @param copied the sets whose lists in {@code elements} are copies
     */
    private static void add(
            SetName set, List<Element> some, Map<SetName, List<Element>> elements, Set<SetName> copied) {
        List<Element> there = elements.putIfAbsent(set, some);
        if (there != null && copied.add(set)) {
            there = new ArrayList<>(there);
            elements.put(set, there);
        }
        if (there != null) {
            there.addAll(some);
        }
    }

    private static NamedSet filled(NamedSet set, List<Element> elements) {
        if (set.elements().isEmpty()) {
            return set.with(elements);
        }
        List<Element> all = new ArrayList<>(set.elements());
        all.addAll(elements);
        return set.with(all);
    }
}
