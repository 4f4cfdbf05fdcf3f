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
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.render.PortRules;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Follows a plan with the table of one family.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The table is not stored, because its plan renders to it again. Three things cannot be rendered, and are stored:
 *       the Service ports that share an element, the endpoint slots in pools, and the existing pick chains.
 *   <li>A change compares two small tables of the Service ports that change: the old and the new one, without the
 *       node's part, which stays. The same {@link TableDiff} compares whole tables, so the changes of a table are
 *       defined in one place.
 *   <li>Elements that other Service ports share with those are put into both small tables, so that they stay.
 * </ol>
 */
public final class FamilyFollower implements FollowedRules<TableChange> {
    private final NodePlan node;
    private final Renderer.Base base;
    private final SharedElements shared = new SharedElements();
    private final EndpointSlots places = new EndpointSlots();
    /** The pick chains that exist. */
    private final Set<Names.Pick> picks = new HashSet<>();

    /** The pick chains that were needed once. There is one for each number of endpoints. */
    private final Map<Names.Pick, Chain> pickChains = new HashMap<>();

    /** A change, and its effect on the state. */
    private final class Step implements Follower.Step<TableChange> {
        private final List<PortRules> before;
        private final List<PortRules> after;
        private final Table rendered;
        private final Table wanted;
        private final Table inKernel;
        private final TableChange change;

        Step(List<PortRules> before, List<PortRules> after, Table rendered, Table wanted, Table inKernel) {
            this.before = before;
            this.after = after;
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
            places.forget(rendered);
            places.note(wanted, set -> Applied.to(inKernel, set, change));
        }
    }

    /** A change of Services of the other family. */
    private record Untouched(TableChange change) implements Follower.Step<TableChange> {
        @Override
        public void accepted() {}
    }

    /**
     * A follower of this table.
     *
     * @param kernel the current table
     * @param ports the Service ports that the table implements
     */
    public FamilyFollower(NodePlan node, Table kernel, Stream<PortPlan> ports) {
        this.node = node;
        this.base = Renderer.base(node);
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
        Table rendered = Renderer.part(base, sets, with(before, ofOthers), this::pick);
        Table wanted = Renderer.part(base, sets, with(after, ofOthers), this::pick);
        return new Step(before, after, rendered, wanted, inKernel(rendered, touched));
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
     * Returns the part of the current table for these Service ports: endpoints in their slots in the kernel, and only
     * existing pick chains.
     *
     * @param touched the ports before and after the change
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
