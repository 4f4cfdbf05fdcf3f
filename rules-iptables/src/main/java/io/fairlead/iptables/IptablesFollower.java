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
import io.fairlead.iptables.render.PortPart;
import io.fairlead.iptables.render.Renderer;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 *   <li>A Service that comes or goes, has its first endpoint or loses the last, changes chains that all Services share, whose
 *       order matters: then everything is rendered and compared.
 *   <li>Chains that have been written since the last time everything was compared are kept beside, not in, the rules of that
 *       time: copying those would be work that grows with the cluster.
 * </ol>
 */
final class IptablesFollower implements Follower<IptablesChange> {
    private final IptablesBackend backend;
    private final IptablesOptions options;
    private final Map<IpFamily, NodePlan> nodes = new EnumMap<>(IpFamily.class);
    private final SortedMap<ServiceName, ServicePlan> services;
    private final Map<IpFamily, Long> endpoints = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Map<ChainName, Optional<Chain>>> since = new EnumMap<>(IpFamily.class);
    private IptablesRuleset kernel;
    private @Nullable Step next;

    /**
     * What is to be remembered once a change is in the kernel.
     *
     * @param whole all rules, if they were compared as a whole
     * @param chains for each family the chains that differ; empty for one that goes
     */
    private record Step(
            PlanDelta delta, @Nullable IptablesRuleset whole, Map<IpFamily, Map<ChainName, Optional<Chain>>> chains) {}

    IptablesFollower(IptablesBackend backend, IptablesOptions options, IptablesRuleset kernel, Plan plan) {
        this.backend = backend;
        this.options = options;
        this.kernel = kernel;
        this.services = new TreeMap<>(plan.services());
        for (IpFamily family : IpFamily.values()) {
            nodes.put(family, plan.node(family));
            since.put(family, new HashMap<>());
            endpoints.put(family, count(plan.ports(family)));
        }
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
        Map<IpFamily, Map<ChainName, Optional<Chain>>> chains = new EnumMap<>(IpFamily.class);
        for (IpFamily family : kernel.families().keySet()) {
            Parts parts = parts(delta, family);
            if (parts == null) {
                return wholly(delta);
            }
            transactions.addAll(FamilyDiff.between(rules(family, parts.before()), rules(family, parts.after())));
            Map<ChainName, Optional<Chain>> changed = new HashMap<>();
            parts.before().forEach(chain -> changed.put(chain.name(), Optional.empty()));
            parts.after().forEach(chain -> changed.put(chain.name(), Optional.of(chain)));
            chains.put(family, changed);
        }
        next = new Step(delta, null, chains);
        return new IptablesChange(transactions, options);
    }

    /** The chains of the Services that change, as they are and as they are to be. */
    private record Parts(List<Chain> before, List<Chain> after) {}

    /** Null if chains that all Services share change, or how they are commented. */
    private @Nullable Parts parts(PlanDelta delta, IpFamily family) {
        NodePlan node = node(family);
        long was = endpoints.getOrDefault(family, 0L);
        boolean large = Renderer.isLarge(was);
        if (large != Renderer.isLarge(was + difference(delta, family))) {
            return null;
        }
        List<PortPart> before =
                delta.before(family).map(port -> PortPart.of(node, port, large)).toList();
        List<PortPart> after =
                delta.after(family).map(port -> PortPart.of(node, port, large)).toList();
        boolean sharedStay = before.stream()
                .map(PortPart::shared)
                .filter(IptablesFollower::isSomething)
                .toList()
                .equals(after.stream()
                        .map(PortPart::shared)
                        .filter(IptablesFollower::isSomething)
                        .toList());
        return sharedStay ? new Parts(chains(before), chains(after)) : null;
    }

    private static boolean isSomething(List<? extends List<?>> rules) {
        return rules.stream().anyMatch(some -> !some.isEmpty());
    }

    private static List<Chain> chains(List<PortPart> parts) {
        return parts.stream().flatMap(part -> part.chains().stream()).toList();
    }

    private static FamilyRules rules(IpFamily family, List<Chain> chains) {
        return FamilyRules.of(family, TableRules.of(Table.NAT, chains, Map.of()));
    }

    private static long difference(PlanDelta delta, IpFamily family) {
        return count(delta.after(family)) - count(delta.before(family));
    }

    private IptablesChange wholly(PlanDelta delta) {
        kernel = current();
        since.values().forEach(Map::clear);
        SortedMap<ServiceName, ServicePlan> changed = new TreeMap<>(services);
        delta.services().forEach((name, service) -> put(changed, name, service.after()));
        IptablesRuleset desired = backend.render(new Plan(node(IpFamily.IPV4), node(IpFamily.IPV6), changed));
        IptablesChange change = backend.diff(kernel, desired);
        next = new Step(delta, backend.after(kernel, desired, change), Map.of());
        return change;
    }

    private NodePlan node(IpFamily family) {
        return Objects.requireNonNull(nodes.get(family));
    }

    /** All rules, with the chains that have been written since. */
    private IptablesRuleset current() {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>(kernel.families());
        families.replaceAll((family, rules) -> {
            Map<ChainName, Optional<Chain>> written = since.getOrDefault(family, Map.of());
            if (written.isEmpty()) {
                return rules;
            }
            TableRules nat = rules.table(Table.NAT);
            SortedMap<ChainName, Chain> chains = new TreeMap<>(nat.chains());
            written.forEach(
                    (name, chain) -> chain.ifPresentOrElse(it -> chains.put(name, it), () -> chains.remove(name)));
            SortedMap<Table, TableRules> tables = new TreeMap<>(rules.tables());
            tables.put(Table.NAT, new TableRules(Table.NAT, chains, nat.jumps()));
            return new FamilyRules(family, tables);
        });
        return new IptablesRuleset(families);
    }

    @Override
    public void accepted() {
        Step step = next;
        if (step == null) {
            throw new IllegalStateException("no change was asked for");
        }
        next = null;
        for (IpFamily family : IpFamily.values()) {
            endpoints.merge(family, difference(step.delta(), family), Long::sum);
        }
        step.delta().services().forEach((name, service) -> put(services, name, service.after()));
        if (step.whole() != null) {
            kernel = step.whole();
        }
        step.chains()
                .forEach((family, chains) ->
                        since.computeIfAbsent(family, _ -> new HashMap<>()).putAll(chains));
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
