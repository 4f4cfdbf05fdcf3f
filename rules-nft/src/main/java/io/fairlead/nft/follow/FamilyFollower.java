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
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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
    private final Set<Names.Pick> picks = new HashSet<>();

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
            wanted.chains().keySet().stream()
                    .flatMap(name -> Names.pick(name).stream())
                    .forEach(picks::add);
            places.forget(rendered);
            places.note(wanted, Objects.requireNonNull(Applied.to(inKernel, change)));
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
        places.note(rendered, kernel);
    }

    @Override
    public Follower.Step<TableChange> step(PlanDelta delta) {
        IpFamily family = node.family();
        List<PortRules> before =
                delta.before(family).map(port -> Renderer.port(node, port)).toList();
        List<PortRules> after =
                delta.after(family).map(port -> Renderer.port(node, port)).toList();
        if (before.isEmpty() && after.isEmpty()) {
            return new Untouched(new TableChange(family, List.of(), List.of()));
        }
        List<PortRules> touched = new ArrayList<>(before);
        touched.addAll(after);
        before.forEach(shared::remove);
        PortRules ofOthers = shared.heldByOthers(touched);
        before.forEach(shared::add);
        List<PortRules> old = with(before, ofOthers);
        List<PortRules> next = with(after, ofOthers);
        Table rendered = Renderer.part(base, old, next);
        Table wanted = Renderer.part(base, next, old);
        return new Step(before, after, rendered, wanted, inKernel(rendered, wanted));
    }

    /**
     * Returns the part of the current table for these Service ports: endpoints in their slots in the kernel, and only
     * existing pick chains.
     */
    private Table inKernel(Table rendered, Table wanted) {
        Collection<NamedSet> sets =
                rendered.sets().values().stream().map(places::inKernel).toList();
        Set<Names.Pick> needed = new HashSet<>();
        Stream.of(rendered, wanted)
                .flatMap(table -> table.chains().keySet().stream())
                .flatMap(name -> Names.pick(name).stream())
                .forEach(needed::add);
        needed.retainAll(picks);
        List<Chain> chains = new ArrayList<>();
        rendered.chains().values().stream()
                .filter(chain -> Names.pick(chain.name()).isEmpty())
                .forEach(chains::add);
        needed.forEach(pick -> chains.add(Renderer.pick(pick)));
        return Table.of(rendered.family(), rendered.comment(), sets, chains, List.of());
    }

    private static List<PortRules> with(List<PortRules> ports, PortRules others) {
        List<PortRules> all = new ArrayList<>(ports);
        all.add(others);
        return all;
    }
}
