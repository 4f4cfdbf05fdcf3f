package io.fairlead.nft.follow;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.rules.FollowedRules;
import io.fairlead.core.rules.Follower;
import io.fairlead.nft.diff.Applied;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.diff.TableDiff;
import io.fairlead.nft.layout.Hooks;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.render.PortRules;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Computes the changes of the table of one address family when its plan changes.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The follower does not store the table, because it can render the table again from the plan. It stores four
 *       things that cannot be rendered: the elements that several Service ports share, the endpoint slots in pools, the
 *       existing pick chains, and the needs for which there are base chains.
 *   <li>A change is the difference between two small tables, which contain only the objects of the Service ports that
 *       change, before and after the change. They do not contain the part of the table that does not depend on
 *       Services. {@link TableDiff} compares the small tables. It also compares whole tables, so the rules for a change
 *       are defined in one place.
 *   <li>Some elements of the changed Service ports also belong to other Service ports. They are put into both small
 *       tables, so that they are not deleted.
 * </ol>
 */
public final class FamilyFollower implements FollowedRules<TableChange> {
    private final NodePlan node;
    private final Renderer.Base base;
    private final SharedElements shared = new SharedElements();
    private final EndpointSlots places = new EndpointSlots();
    /** The needs for which there are base chains in the kernel. These chains are kept, see {@link TableDiff}. */
    private final Set<Need> needs;

    /** The pick chains that exist in the kernel. */
    private final Set<Names.Pick> picks = new HashSet<>();

    /** The rendered pick chains. There is one for each number of endpoints that was needed so far. */
    private final Map<Names.Pick, Chain> pickChains = new HashMap<>();

    /** A change, together with its effect on the state of the follower. */
    private final class Step implements Follower.Step<TableChange> {
        private final List<PortRules> before;
        private final List<PortRules> after;
        private final Set<Need> needed;
        private final Table rendered;
        private final Table wanted;
        private final Table inKernel;
        private final TableChange change;

        Step(
                List<PortRules> before,
                List<PortRules> after,
                Set<Need> needed,
                Table rendered,
                Table wanted,
                Table inKernel) {
            this.before = before;
            this.after = after;
            this.needed = needed;
            this.rendered = rendered;
            this.wanted = wanted;
            this.inKernel = inKernel;
            this.change = TableDiff.between(inKernel, wanted);
        }

        @Override
        public TableChange change() {
            return change;
        }

        @Override
        public void accepted() {
            before.forEach(shared::remove);
            after.forEach(shared::add);
            after.forEach(port -> picks.addAll(port.picks()));
            needs.addAll(needed);
            places.forget(rendered);
            places.note(wanted, set -> Applied.to(inKernel, set, change));
        }
    }

    /** The step for a change that affects no Service port of this address family. */
    private record Untouched(TableChange change) implements Follower.Step<TableChange> {
        @Override
        public void accepted() {}
    }

    /**
     * Creates a follower for a table that implements a plan.
     *
     * @param node the node plan
     * @param kernel the current table
     * @param ports the Service ports in the plan
     */
    public FamilyFollower(NodePlan node, Table kernel, Stream<PortPlan> ports) {
        this.node = node;
        this.base = Renderer.base(node);
        this.needs = Hooks.served(kernel.chains());
        kernel.chains().keySet().stream()
                .flatMap(name -> Names.pick(name).stream())
                .forEach(picks::add);
        Table rendered = Renderer.table(
                base, ports.map(port -> Renderer.port(node, port)).peek(shared::add));
        places.note(rendered, name -> kernel.sets().get(name));
    }

    @Override
    public Follower.Step<TableChange> step(PlanDelta delta) {
        IpFamily family = node.family();
        List<PortRules> before = rules(delta.before(family));
        List<PortRules> after = rules(delta.after(family));
        if (before.isEmpty() && after.isEmpty()) {
            return new Untouched(new TableChange(family, List.of(), List.of()));
        }
        List<PortRules> touched = new ArrayList<>(before);
        touched.addAll(after);
        before.forEach(shared::remove);
        PortRules ofOthers = shared.heldByOthers(touched);
        before.forEach(shared::add);
        List<NamedSet> sets = Renderer.shared(base, touched);
        Set<Need> needed = EnumSet.copyOf(needs);
        after.forEach(port -> needed.addAll(port.needs()));
        boolean more = !needed.equals(needs);
        Table rendered = Renderer.part(base, sets, with(before, ofOthers), more ? needs : Set.of(), this::pick);
        Table wanted = Renderer.part(base, sets, with(after, ofOthers), more ? needed : Set.of(), this::pick);
        return new Step(before, after, needed, rendered, wanted, inKernel(rendered, touched));
    }

    private List<PortRules> rules(List<PortPlan> ports) {
        List<PortRules> rules = new ArrayList<>(ports.size());
        ports.forEach(port -> rules.add(Renderer.port(node, port)));
        return rules;
    }

    private Chain pick(Names.Pick pick) {
        return pickChains.computeIfAbsent(pick, Renderer::pick);
    }

    /**
     * Returns the part of the current table that belongs to these Service ports. Endpoints have the slots that they
     * have in the kernel. Only pick chains that exist are included.
     *
     * @param rendered the objects of the old Service ports, as they are rendered
     * @param touched the Service ports before and after the change
     */
    private Table inKernel(Table rendered, List<PortRules> touched) {
        List<NamedSet> sets = new ArrayList<>();
        boolean moved = false;
        for (NamedSet set : rendered.sets().values()) {
            moved |= places.mayDiffer(set);
            sets.add(places.inKernel(set));
        }
        Map<ChainName, Chain> chains = new HashMap<>(rendered.chains());
        for (PortRules port : touched) {
            for (Names.Pick pick : port.picks()) {
                Chain chain = pick(pick);
                if (picks.contains(pick)) {
                    moved |= chains.put(chain.name(), chain) == null;
                } else {
                    moved |= chains.remove(chain.name()) != null;
                }
            }
        }
        return moved ? Table.of(rendered.family(), rendered.comment(), sets, chains.values(), List.of()) : rendered;
    }

    private static List<PortRules> with(List<PortRules> ports, PortRules others) {
        List<PortRules> all = new ArrayList<>(ports);
        all.add(others);
        return all;
    }
}
