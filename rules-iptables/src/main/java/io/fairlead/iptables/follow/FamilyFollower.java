package io.fairlead.iptables.follow;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.rules.FollowedRules;
import io.fairlead.core.rules.Follower;
import io.fairlead.iptables.diff.FamilyDiff;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Dispatch;
import io.fairlead.iptables.dispatch.DispatchChain;
import io.fairlead.iptables.dispatch.DispatchEntry;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.PortRules;
import io.fairlead.iptables.render.Renderer;
import io.fairlead.iptables.render.RuleOptions;
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

/**
 * Computes the changes of the rules of one address family when their plan changes.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The follower does not store the rules of a Service, because it can render them again from the plan of the
 *       Service. It stores the chains that all Services share, because their change depends on all Services. It also
 *       stores the number of endpoints.
 *   <li>If endpoints are added or removed, only the Service's own chains change. They are rendered for the old and for
 *       the new plan, and compared by {@link FamilyDiff}, which also compares whole rulesets.
 *   <li>If a Service is added or removed, gets its first endpoint, loses its last endpoint, or changes its addresses,
 *       ports or policies, then chains that all Services share can also change. A {@link Dispatch} for each of these
 *       chains finds the parts that change: a few branches of a tree, or the whole linear chain.
 *   <li>When the number of endpoints exceeds the limit above which comments are left out (IPT-25), or falls below it,
 *       the comments change only in chains that are written anyway (IPT-26).
 * </ol>
 */
public final class FamilyFollower implements FollowedRules<List<TableChange>> {
    private final NodePlan node;
    private final RuleOptions options;
    private final Map<DispatchChain, Dispatch> dispatches;
    /**
     * The chains of all dispatches. The maps are changed in place, because the cost of a copy grows with the size of
     * the cluster.
     */
    private final Map<Table, Map<ChainName, Chain>> shared = new EnumMap<>(Table.class);

    /** The rules of other programs that jump to Fairlead's chains, as of the last read. */
    private final Map<Table, SortedMap<ChainName, String>> referrers = new EnumMap<>(Table.class);

    private long endpoints;

    /** A change, together with its effect on the state of the follower. */
    private final class Step implements Follower.Step<List<TableChange>> {
        private final List<TableChange> change;
        private final Moves moves;
        private final long endpointsMore;

        Step(List<TableChange> change, Moves moves, long endpointsMore) {
            this.change = change;
            this.moves = moves;
            this.endpointsMore = endpointsMore;
        }

        @Override
        public List<TableChange> change() {
            return change;
        }

        @Override
        public void accepted() {
            endpoints += endpointsMore;
            move(moves);
        }
    }

    /**
     * The change of the chains that all Services of one family share.
     *
     * @param gone the removed rules
     * @param come the added rules
     * @param before the old versions of the chains that may differ
     * @param after the new versions of the chains; a chain that is only in {@code before} is deleted
     */
    private record Moves(
            Map<DispatchChain, List<DispatchEntry>> gone,
            Map<DispatchChain, List<DispatchEntry>> come,
            Map<Table, List<Chain>> before,
            Map<Table, List<Chain>> after) {}

    /**
     * Creates a follower for rules that implement a plan.
     *
     * @param node the node plan
     * @param kernel the rules that implement the plan
     * @param ports the Service ports of the family in the plan
     * @param frontends the layout of the chains that list frontends
     * @param options the properties of rules that the plan does not decide
     */
    public FamilyFollower(
            NodePlan node, FamilyRules kernel, List<PortPlan> ports, Layout frontends, RuleOptions options) {
        this.node = node;
        this.options = options;
        kernel.tables().forEach((table, rules) -> referrers.put(table, rules.referrers()));
        this.dispatches = Renderer.dispatches(node, ports.stream(), frontends, options);
        this.endpoints = count(ports.stream());
        dispatches.forEach((trunk, dispatch) -> {
            Map<ChainName, Chain> chains = shared.computeIfAbsent(trunk.table(), _ -> new HashMap<>());
            dispatch.chains().forEach(chain -> chains.put(chain.name(), chain));
        });
    }

    private static long count(Stream<PortPlan> ports) {
        return ports.mapToLong(Renderer::endpoints).sum();
    }

    @Override
    public Follower.Step<List<TableChange>> step(PlanDelta delta) {
        IpFamily family = node.family();
        long endpointsMore = count(delta.after(family).stream()) - count(delta.before(family).stream());
        List<PortRules> before = rendered(delta.before(family), endpoints);
        List<PortRules> after = rendered(delta.after(family), endpoints + endpointsMore);
        Moves moves = moves(before, after);
        List<TableChange> change = FamilyDiff.between(
                withReferrers(rules(family, moves.before(), before)), rules(family, moves.after(), after));
        return new Step(change, moves, endpointsMore);
    }

    private List<PortRules> rendered(List<PortPlan> ports, long ofCluster) {
        boolean large = Renderer.isLarge(ofCluster);
        return ports.stream()
                .map(port -> PortRules.of(port, node, options, large))
                .toList();
    }

    /** Returns a ruleset that contains these shared chains and the Services' own chains. */
    private static FamilyRules rules(IpFamily family, Map<Table, List<Chain>> shared, List<PortRules> services) {
        Map<Table, List<Chain>> chains = new EnumMap<>(Table.class);
        shared.forEach((table, some) -> chains.put(table, new ArrayList<>(some)));
        List<Chain> nat = chains.computeIfAbsent(Table.NAT, _ -> new ArrayList<>());
        services.forEach(service -> nat.addAll(service.chains()));
        SortedMap<Table, TableRules> tables = new TreeMap<>();
        chains.forEach((table, some) -> tables.put(table, TableRules.of(table, some, Map.of())));
        return new FamilyRules(family, tables);
    }

    private FamilyRules withReferrers(FamilyRules rules) {
        SortedMap<Table, TableRules> tables = new TreeMap<>(rules.tables());
        tables.replaceAll((table, of) -> of.with(Objects.requireNonNull(referrers.get(table))));
        return new FamilyRules(rules.family(), tables);
    }

    private Map<ChainName, Chain> shared(Table table) {
        return Objects.requireNonNull(shared.get(table));
    }

    /** Computes the change of the shared chains. Does not change the state of the follower. */
    private Moves moves(List<PortRules> before, List<PortRules> after) {
        Map<Table, List<Chain>> old = new EnumMap<>(Table.class);
        Map<Table, List<Chain>> now = new EnumMap<>(Table.class);
        Map<DispatchChain, List<DispatchEntry>> gone = new EnumMap<>(DispatchChain.class);
        Map<DispatchChain, List<DispatchEntry>> come = new EnumMap<>(DispatchChain.class);
        for (DispatchChain trunk : DispatchChain.values()) {
            List<DispatchEntry> goes = listed(before, trunk);
            List<DispatchEntry> comes = listed(after, trunk);
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

    private Dispatch.Difference difference(DispatchChain trunk, List<DispatchEntry> goes, List<DispatchEntry> comes) {
        Dispatch dispatch = Objects.requireNonNull(dispatches.get(trunk));
        Set<String> paths = new HashSet<>();
        Stream.concat(goes.stream(), comes.stream()).map(DispatchEntry::path).forEach(paths::add);
        dispatch.remove(goes);
        dispatch.add(comes);
        Dispatch.Difference difference = dispatch.since(paths, shared(trunk.table()));
        dispatch.remove(comes);
        dispatch.add(goes);
        return difference;
    }

    private static List<DispatchEntry> listed(List<PortRules> parts, DispatchChain trunk) {
        return parts.stream().flatMap(part -> part.in(trunk).stream()).toList();
    }

    private void move(Moves moves) {
        dispatches.forEach((trunk, dispatch) -> {
            dispatch.remove(moves.gone().getOrDefault(trunk, List.of()));
            dispatch.add(moves.come().getOrDefault(trunk, List.of()));
        });
        moves.before()
                .forEach((table, gone) -> gone.forEach(chain -> shared(table).remove(chain.name())));
        moves.after()
                .forEach((table, come) -> come.forEach(chain -> shared(table).put(chain.name(), chain)));
    }
}
