package io.fairlead.iptables;

import io.fairlead.core.backend.Follower;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.iptables.diff.FamilyDiff;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Dispatch;
import io.fairlead.iptables.dispatch.Listed;
import io.fairlead.iptables.dispatch.Trunk;
import io.fairlead.iptables.render.Renderer;
import io.fairlead.iptables.render.ServiceRules;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Both families' rules as they follow a plan.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>Endpoints that come and go change a Service's own chains and nothing else: those alone are rendered, compared and
 *       written, by the same {@link FamilyDiff} that compares everything.
 *   <li>A Service that comes or goes, has its first endpoint or loses the last, changes chains that all Services share. A
 *       {@link Dispatch} for each of those says which: in a tree a few branches, in a row the whole chain.
 *   <li>Chains are kept in maps that are changed in place: copying them would be work that grows with the cluster.
 *   <li>Only when the cluster grows so large, or shrinks so much, that comments go or come (IPT-25), everything is rendered and
 *       compared.
 * </ol>
 */
final class IptablesFollower implements Follower<IptablesChange> {
    private final IptablesBackend backend;
    private final IptablesOptions options;
    private final Map<IpFamily, NodePlan> nodes = new EnumMap<>(IpFamily.class);
    private final SortedMap<ServiceName, ServicePlan> services;
    private final Map<IpFamily, Followed> families = new EnumMap<>(IpFamily.class);
    private @Nullable Step next;

    /** What is to be remembered once a change is in the kernel. */
    private sealed interface Step {
        PlanDelta delta();
    }

    /**
     * Everything was compared.
     *
     * @param rules all there is then
     */
    private record Whole(PlanDelta delta, IptablesRuleset rules) implements Step {}

    /** Some chains were. */
    private record Partial(PlanDelta delta, Map<IpFamily, Moves> moves) implements Step {}

    /**
     * What changes in one family.
     *
     * @param before the chains that may differ, as they are
     * @param after as they are to be; one that is not among them goes
     */
    private record Moves(
            Map<Trunk, List<Listed>> gone,
            Map<Trunk, List<Listed>> come,
            Map<Table, List<Chain>> before,
            Map<Table, List<Chain>> after) {}

    /** What one family has. */
    private static final class Followed {
        private final Map<Table, Map<ChainName, Chain>> chains = new EnumMap<>(Table.class);
        private final FamilyRules rest;
        private final Map<Trunk, Dispatch> dispatches;
        private long endpoints;

        Followed(FamilyRules kernel, Map<Trunk, Dispatch> dispatches, long endpoints) {
            this.dispatches = dispatches;
            this.endpoints = endpoints;
            SortedMap<Table, TableRules> jumps = new TreeMap<>();
            kernel.tables().forEach((table, rules) -> {
                chains.put(table, new HashMap<>(rules.chains()));
                jumps.put(table, new TableRules(table, new TreeMap<>(), rules.jumps()));
            });
            this.rest = new FamilyRules(kernel.family(), jumps);
            dispatches.values().forEach(this::share);
        }

        /** The rules that a dispatch holds are kept once. */
        private void share(Dispatch dispatch) {
            Map<ChainName, Chain> there = there(dispatch.trunk().table());
            dispatch.chains()
                    .forEach(
                            chain -> there.computeIfPresent(chain.name(), (_, old) -> old.sameAs(chain) ? chain : old));
        }

        private Map<ChainName, Chain> there(Table table) {
            return Objects.requireNonNull(chains.get(table));
        }

        private FamilyRules rules() {
            SortedMap<Table, TableRules> tables = new TreeMap<>();
            chains.forEach((table, byName) -> tables.put(
                    table,
                    new TableRules(
                            table, new TreeMap<>(byName), rest.table(table).jumps())));
            return new FamilyRules(rest.family(), tables);
        }

        /** Leaves everything as it is. */
        private Moves moves(List<ServiceRules> before, List<ServiceRules> after) {
            Map<Table, List<Chain>> old = new EnumMap<>(Table.class);
            Map<Table, List<Chain>> now = new EnumMap<>(Table.class);
            Map<Trunk, List<Listed>> gone = new EnumMap<>(Trunk.class);
            Map<Trunk, List<Listed>> come = new EnumMap<>(Trunk.class);
            for (Trunk trunk : Trunk.values()) {
                List<Listed> goes = listed(before, trunk);
                List<Listed> comes = listed(after, trunk);
                if (!goes.equals(comes)) {
                    gone.put(trunk, goes);
                    come.put(trunk, comes);
                    Dispatch.Difference difference = difference(trunk, goes, comes);
                    put(old, trunk.table(), difference.before());
                    put(now, trunk.table(), difference.after());
                }
            }
            Map<ChainName, Chain> nat = there(Table.NAT);
            put(
                    old,
                    Table.NAT,
                    chains(before)
                            .map(chain -> nat.getOrDefault(chain.name(), chain))
                            .toList());
            put(now, Table.NAT, chains(after).toList());
            return new Moves(gone, come, old, now);
        }

        private Dispatch.Difference difference(Trunk trunk, List<Listed> goes, List<Listed> comes) {
            Dispatch dispatch = Objects.requireNonNull(dispatches.get(trunk));
            Set<String> paths = new HashSet<>();
            Stream.concat(goes.stream(), comes.stream()).map(Listed::path).forEach(paths::add);
            dispatch.remove(goes);
            dispatch.add(comes);
            Dispatch.Difference difference = dispatch.since(paths, there(trunk.table()));
            dispatch.remove(comes);
            dispatch.add(goes);
            return difference;
        }

        private static List<Listed> listed(List<ServiceRules> parts, Trunk trunk) {
            return parts.stream().flatMap(part -> part.in(trunk).stream()).toList();
        }

        private static Stream<Chain> chains(List<ServiceRules> parts) {
            return parts.stream().flatMap(part -> part.chains().stream());
        }

        private static void put(Map<Table, List<Chain>> into, Table table, List<Chain> chains) {
            into.computeIfAbsent(table, _ -> new ArrayList<>()).addAll(chains);
        }

        private void move(Moves moves, long endpointsMore) {
            endpoints += endpointsMore;
            dispatches.forEach((trunk, dispatch) -> {
                dispatch.remove(moves.gone().getOrDefault(trunk, List.of()));
                dispatch.add(moves.come().getOrDefault(trunk, List.of()));
            });
            moves.before()
                    .forEach((table, gone) -> gone.forEach(chain -> there(table).remove(chain.name())));
            moves.after()
                    .forEach((table, come) -> come.forEach(chain -> there(table).put(chain.name(), chain)));
        }
    }

    IptablesFollower(IptablesBackend backend, IptablesOptions options, IptablesRuleset kernel, Plan plan) {
        this.backend = backend;
        this.options = options;
        this.services = new TreeMap<>(plan.services());
        for (IpFamily family : IpFamily.values()) {
            nodes.put(family, plan.node(family));
        }
        follow(kernel, plan);
    }

    private void follow(IptablesRuleset kernel, Plan plan) {
        families.clear();
        kernel.families()
                .forEach((family, rules) -> families.put(
                        family,
                        new Followed(
                                rules,
                                Renderer.dispatches(plan.node(family), plan.ports(family), options.layout()),
                                count(plan.ports(family)))));
    }

    private static long count(Stream<PortPlan> ports) {
        return ports.mapToLong(Renderer::endpoints).sum();
    }

    @Override
    public IptablesChange change(PlanDelta delta) {
        if (delta.nodeChanged()) {
            throw new IllegalArgumentException("the node's part has changed: rules have to be followed anew");
        }
        List<TableChange> transactions = new ArrayList<>();
        Map<IpFamily, Moves> moves = new EnumMap<>(IpFamily.class);
        for (Map.Entry<IpFamily, Followed> each : families.entrySet()) {
            IpFamily family = each.getKey();
            Followed followed = each.getValue();
            boolean large = Renderer.isLarge(followed.endpoints);
            if (large != Renderer.isLarge(followed.endpoints + difference(delta, family))) {
                return wholly(delta);
            }
            Moves ofFamily = followed.moves(
                    rendered(delta.before(family), family, large), rendered(delta.after(family), family, large));
            transactions.addAll(FamilyDiff.between(rules(family, ofFamily.before()), rules(family, ofFamily.after())));
            moves.put(family, ofFamily);
        }
        next = new Partial(delta, moves);
        return new IptablesChange(transactions, options);
    }

    private List<ServiceRules> rendered(Stream<PortPlan> ports, IpFamily family, boolean large) {
        NodePlan node = node(family);
        return ports.map(port -> ServiceRules.of(port, node, options.endpoints(), large))
                .toList();
    }

    private static FamilyRules rules(IpFamily family, Map<Table, List<Chain>> chains) {
        SortedMap<Table, TableRules> tables = new TreeMap<>();
        chains.forEach((table, some) -> tables.put(table, TableRules.of(table, some, Map.of())));
        return new FamilyRules(family, tables);
    }

    private static long difference(PlanDelta delta, IpFamily family) {
        return count(delta.after(family)) - count(delta.before(family));
    }

    private IptablesChange wholly(PlanDelta delta) {
        SortedMap<IpFamily, FamilyRules> all = new TreeMap<>();
        families.forEach((family, followed) -> all.put(family, followed.rules()));
        IptablesRuleset kernel = new IptablesRuleset(all);
        IptablesRuleset desired = backend.render(plan().with(delta));
        IptablesChange change = backend.diff(kernel, desired);
        next = new Whole(delta, backend.after(kernel, desired, change));
        return change;
    }

    private Plan plan() {
        return new Plan(node(IpFamily.IPV4), node(IpFamily.IPV6), services);
    }

    private NodePlan node(IpFamily family) {
        return Objects.requireNonNull(nodes.get(family));
    }

    @Override
    public void accepted() {
        Step step = next;
        if (step == null) {
            throw new IllegalStateException("no change was asked for");
        }
        next = null;
        step.delta().services().forEach((name, service) -> put(services, name, service.after()));
        backend.accepted(step.delta());
        switch (step) {
            case Whole(var _, IptablesRuleset rules) -> follow(rules, plan());
            case Partial(PlanDelta delta, var moves) ->
                families.forEach((family, followed) ->
                        followed.move(Objects.requireNonNull(moves.get(family)), difference(delta, family)));
        }
    }

    private static void put(
            SortedMap<ServiceName, ServicePlan> services, ServiceName name, @Nullable ServicePlan plan) {
        if (plan == null) {
            services.remove(name);
        } else {
            services.put(name, plan);
        }
    }
}
