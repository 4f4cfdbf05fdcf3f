package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.rules.Follower;
import io.fairlead.iptables.diff.FamilyDiff;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Dispatch;
import io.fairlead.iptables.dispatch.Listed;
import io.fairlead.iptables.dispatch.Trunk;
import io.fairlead.iptables.render.PortRules;
import io.fairlead.iptables.render.Renderer;
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
 *   <li>Rules are not kept: those of a Service are what its plan renders to. Kept are the chains that all Services share, because a
 *       change of one Service depends there on the others, and the number of endpoints.
 *   <li>Endpoints that come and go change a Service's own chains and nothing else: those alone are rendered, as they were and as
 *       they are to be, compared and written, by the same {@link FamilyDiff} that compares everything.
 *   <li>A Service that comes or goes, has its first endpoint or loses the last, changes chains that all Services share. A
 *       {@link Dispatch} for each of those says which: in a tree a few branches, in a row the whole chain.
 *   <li>A cluster that grows so large, or shrinks so much, that comments go or come (IPT-25) has them so in the chains that are
 *       written from then on (IPT-26).
 * </ol>
 */
final class IptablesFollower implements Follower<IptablesChange> {
    private final IptablesBackend backend;
    private final IptablesOptions options;
    private final Map<IpFamily, Followed> families = new EnumMap<>(IpFamily.class);
    private @Nullable Step next;

    /** What is to be remembered once a change is in the kernel. */
    private record Step(PlanDelta delta, Map<IpFamily, Moves> moves) {}

    /**
     * What changes in the chains that all Services of one family share.
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
        private final NodePlan node;
        private final Map<Trunk, Dispatch> dispatches;
        /** The dispatches' chains, in maps that are changed in place: copying them would be work that grows with the cluster. */
        private final Map<Table, Map<ChainName, Chain>> shared = new EnumMap<>(Table.class);

        /** Rules of other programs that lead to our chains, as of the last time that rules were read. */
        private final Map<Table, SortedMap<ChainName, String>> referrers = new EnumMap<>(Table.class);

        private long endpoints;

        Followed(NodePlan node, FamilyRules kernel, Map<Trunk, Dispatch> dispatches, long endpoints) {
            this.node = node;
            kernel.tables().forEach((table, rules) -> referrers.put(table, rules.referrers()));
            this.dispatches = dispatches;
            this.endpoints = endpoints;
            dispatches.forEach((trunk, dispatch) -> {
                Map<ChainName, Chain> chains = shared.computeIfAbsent(trunk.table(), _ -> new HashMap<>());
                dispatch.chains().forEach(chain -> chains.put(chain.name(), chain));
            });
        }

        private FamilyRules withReferrers(FamilyRules rules) {
            SortedMap<Table, TableRules> tables = new TreeMap<>(rules.tables());
            tables.replaceAll((table, of) -> of.with(Objects.requireNonNull(referrers.get(table))));
            return new FamilyRules(rules.family(), tables);
        }

        private Map<ChainName, Chain> shared(Table table) {
            return Objects.requireNonNull(shared.get(table));
        }

        /** Leaves everything as it is. */
        private Moves moves(List<PortRules> before, List<PortRules> after) {
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
                    old.computeIfAbsent(trunk.table(), _ -> new ArrayList<>()).addAll(difference.before());
                    now.computeIfAbsent(trunk.table(), _ -> new ArrayList<>()).addAll(difference.after());
                }
            }
            return new Moves(gone, come, old, now);
        }

        private Dispatch.Difference difference(Trunk trunk, List<Listed> goes, List<Listed> comes) {
            Dispatch dispatch = Objects.requireNonNull(dispatches.get(trunk));
            Set<String> paths = new HashSet<>();
            Stream.concat(goes.stream(), comes.stream()).map(Listed::path).forEach(paths::add);
            dispatch.remove(goes);
            dispatch.add(comes);
            Dispatch.Difference difference = dispatch.since(paths, shared(trunk.table()));
            dispatch.remove(comes);
            dispatch.add(goes);
            return difference;
        }

        private static List<Listed> listed(List<PortRules> parts, Trunk trunk) {
            return parts.stream().flatMap(part -> part.in(trunk).stream()).toList();
        }

        private void move(Moves moves, long endpointsMore) {
            endpoints += endpointsMore;
            dispatches.forEach((trunk, dispatch) -> {
                dispatch.remove(moves.gone().getOrDefault(trunk, List.of()));
                dispatch.add(moves.come().getOrDefault(trunk, List.of()));
            });
            moves.before()
                    .forEach(
                            (table, gone) -> gone.forEach(chain -> shared(table).remove(chain.name())));
            moves.after()
                    .forEach(
                            (table, come) -> come.forEach(chain -> shared(table).put(chain.name(), chain)));
        }
    }

    /**
     * Follows from here.
     *
     * @param kernel rules that carry out the plan; families that it has not are left alone
     */
    IptablesFollower(IptablesBackend backend, IptablesOptions options, IptablesRuleset kernel, Plan plan) {
        this.backend = backend;
        this.options = options;
        kernel.families().forEach((family, rules) -> {
            NodePlan node = plan.node(family);
            families.put(
                    family,
                    new Followed(
                            node,
                            rules,
                            Renderer.dispatches(node, plan.ports(family), options.layout()),
                            count(plan.ports(family))));
        });
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
        families.forEach((family, followed) -> {
            long endpoints = followed.endpoints;
            List<PortRules> before = rendered(delta.before(family), followed.node, endpoints);
            List<PortRules> after = rendered(delta.after(family), followed.node, endpoints + difference(delta, family));
            Moves ofFamily = followed.moves(before, after);
            transactions.addAll(FamilyDiff.between(
                    followed.withReferrers(rules(family, ofFamily.before(), before)),
                    rules(family, ofFamily.after(), after)));
            moves.put(family, ofFamily);
        });
        next = new Step(delta, moves);
        return new IptablesChange(transactions, options);
    }

    private List<PortRules> rendered(Stream<PortPlan> ports, NodePlan node, long endpoints) {
        boolean large = Renderer.isLarge(endpoints);
        return ports.map(port -> PortRules.of(port, node, options.endpoints(), large))
                .toList();
    }

    /** Chains that all Services share, and Services' own. */
    private static FamilyRules rules(IpFamily family, Map<Table, List<Chain>> shared, List<PortRules> services) {
        Map<Table, List<Chain>> chains = new EnumMap<>(Table.class);
        shared.forEach((table, some) -> chains.put(table, new ArrayList<>(some)));
        List<Chain> nat = chains.computeIfAbsent(Table.NAT, _ -> new ArrayList<>());
        services.forEach(service -> nat.addAll(service.chains()));
        SortedMap<Table, TableRules> tables = new TreeMap<>();
        chains.forEach((table, some) -> tables.put(table, TableRules.of(table, some, Map.of())));
        return new FamilyRules(family, tables);
    }

    private static long difference(PlanDelta delta, IpFamily family) {
        return count(delta.after(family)) - count(delta.before(family));
    }

    @Override
    public void accepted() {
        Step step = next;
        if (step == null) {
            throw new IllegalStateException("no change was asked for");
        }
        next = null;
        backend.accepted(step.delta());
        families.forEach((family, followed) ->
                followed.move(Objects.requireNonNull(step.moves().get(family)), difference(step.delta(), family)));
    }
}
