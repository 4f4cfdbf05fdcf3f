package io.fairlead.iptables.render;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.iptables.dispatch.Dispatch;
import io.fairlead.iptables.dispatch.DispatchChain;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.ConnectionState;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.JumpRules;
import io.fairlead.iptables.rule.KubeletFirewall;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Renders the rules of one address family. The rules for a Service port depend only on the plan of the Service port,
 * the node plan, and the size of the cluster.
 */
public final class Renderer {
    /** The number of endpoints above which most comments are left out (IPT-25). */
    private static final int LARGE_CLUSTER = 1000;

    private static final Origin NODE = new Origin.Node();
    private static final Comment LAST_RULE =
            new Comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");

    private final NodePlan node;
    private final RuleOptions options;
    private final Map<DispatchChain, Dispatch> dispatches;
    private final List<Chain> serviceChains = new ArrayList<>();

    private Renderer(NodePlan node, Layout layout, RuleOptions options) {
        this.node = node;
        this.options = options;
        this.dispatches = emptyDispatches(node, layout);
    }

    /**
     * Returns the rules of one family.
     *
     * @param node the node plan
     * @param ports the Service ports of the family, sorted by name
     * @param layout the layout of the chains that all Services share
     * @param options the properties of rules that the plan does not decide
     */
    public static FamilyRules render(NodePlan node, List<PortPlan> ports, Layout layout, RuleOptions options) {
        Renderer renderer = new Renderer(node, layout, options);
        boolean large = isLarge(ports.stream().mapToLong(Renderer::endpoints).sum());
        for (PortPlan port : ports) {
            PortRules rules = PortRules.of(port, node, options, large);
            list(rules, renderer.dispatches);
            renderer.serviceChains.addAll(rules.chains());
        }
        return FamilyRules.of(node.family(), renderer.mangle(), renderer.filter(), renderer.nat());
    }

    /**
     * Returns a dispatch for each chain that lists frontends or health check node ports. The dispatches contain the
     * rules for these Service ports.
     */
    public static Map<DispatchChain, Dispatch> dispatches(
            NodePlan node, Stream<PortPlan> ports, Layout layout, RuleOptions options) {
        Map<DispatchChain, Dispatch> dispatches = emptyDispatches(node, layout);
        ports.forEach(port -> list(PortRules.listedOnly(port, node, options), dispatches));
        return dispatches;
    }

    private static Map<DispatchChain, Dispatch> emptyDispatches(NodePlan node, Layout layout) {
        Map<DispatchChain, Dispatch> dispatches = new EnumMap<>(DispatchChain.class);
        for (DispatchChain trunk : DispatchChain.values()) {
            List<Rule> last = trunk == DispatchChain.NAT_SERVICES ? nodePortDispatch(node) : List.of();
            dispatches.put(trunk, new Dispatch(trunk, node.family(), layout, last));
        }
        return dispatches;
    }

    private static void list(PortRules rules, Map<DispatchChain, Dispatch> dispatches) {
        dispatches.forEach((trunk, dispatch) -> dispatch.add(rules.in(trunk)));
    }

    private Stream<Chain> shared(Table table) {
        return dispatches.values().stream()
                .filter(dispatch -> dispatch.trunk().table() == table)
                .flatMap(dispatch -> dispatch.chains().stream());
    }

    /** Returns whether most comments are left out in a family with this number of endpoints. */
    public static boolean isLarge(long endpoints) {
        return endpoints > LARGE_CLUSTER;
    }

    /** Returns the number of endpoints that a Service port contributes to the number for {@link #isLarge}. */
    public static long endpoints(PortPlan port) {
        return Math.max(port.clusterEndpoints().size(), port.localEndpoints().size());
    }

    private TableRules mangle() {
        return TableRules.of(Table.MANGLE, List.of(chain(ChainName.CANARY)), Map.of());
    }

    private TableRules filter() {
        List<Chain> chains =
                new ArrayList<>(List.of(new Chain(ChainName.FORWARD, forward(), NODE), chain(ChainName.CANARY)));
        shared(Table.FILTER).forEach(chains::add);
        Map<BuiltInChain, List<Rule>> jumps = jumps(Table.FILTER);
        if (node.family() == IpFamily.IPV4 && node.localhostNodePorts()) {
            chains.add(chain(ChainName.KUBELET_FIREWALL, KubeletFirewall.ANTI_MARTIAN));
            for (BuiltInChain from : List.of(BuiltInChain.INPUT, BuiltInChain.OUTPUT)) {
                jumps.computeIfPresent(
                        from,
                        (_, rules) -> Stream.concat(Stream.of(JumpRules.TO_KUBELET_FIREWALL), rules.stream())
                                .toList());
            }
        }
        return TableRules.of(Table.FILTER, chains, jumps);
    }

    private static Map<BuiltInChain, List<Rule>> jumps(Table table) {
        Map<BuiltInChain, List<Rule>> jumps = new EnumMap<>(BuiltInChain.class);
        for (BuiltInChain from : BuiltInChain.values()) {
            jumps.put(from, JumpRules.written(table, from));
        }
        return jumps;
    }

    private TableRules nat() {
        List<Chain> chains = new ArrayList<>(List.of(
                new Chain(ChainName.POSTROUTING, postrouting(), NODE),
                chain(ChainName.MARK_MASQ, rule(new Target.OrMark(node.mark()), Comment.NONE)),
                chain(ChainName.CANARY)));
        shared(Table.NAT).forEach(chains::add);
        chains.addAll(serviceChains);
        return TableRules.of(Table.NAT, chains, jumps(Table.NAT));
    }

    /** Returns the rules of KUBE-POSTROUTING (IPT-4). */
    private List<Rule> postrouting() {
        int mark = node.mark();
        return List.of(
                rule(new Target.Return(), Comment.NONE, new Match.Mark(mark, mark, true)),
                rule(new Target.XorMark(mark), Comment.NONE),
                rule(
                        new Target.Masquerade(options.randomFully()),
                        new Comment("kubernetes service traffic requiring SNAT")));
    }

    /** Returns the rules of KUBE-FORWARD (IPT-6, CT-16). */
    private List<Rule> forward() {
        List<Rule> rules = new ArrayList<>();
        if (node.dropInvalid()) {
            Match invalid = new Match.Tracked(EnumSet.of(ConnectionState.INVALID), false);
            Match counted = new Match.Counted(CounterName.INVALID_DROPPED);
            rules.add(rule(
                    new Target.Drop(),
                    Comment.NONE,
                    options.counted() ? new Match[] {invalid, counted} : new Match[] {invalid}));
        }
        rules.add(rule(
                new Target.Accept(),
                new Comment("kubernetes forwarding rules"),
                new Match.Mark(node.mark(), node.mark(), false)));
        rules.add(rule(
                new Target.Accept(),
                new Comment("kubernetes forwarding conntrack rule"),
                new Match.Tracked(EnumSet.of(ConnectionState.RELATED, ConnectionState.ESTABLISHED), false)));
        return rules;
    }

    /**
     * Returns the rules that jump to KUBE-NODEPORTS (IPT-8, NP-9 to NP-12, NP-17). They come after the rules of all
     * Services.
     */
    private static List<Rule> nodePortDispatch(NodePlan node) {
        Target toNodePorts = new Target.Jump(ChainName.NODE_PORTS);
        return switch (node.nodePortAddresses()) {
            case NodePortAddresses.AnyLocal(boolean loopback) -> {
                if (loopback) {
                    yield List.of(rule(toNodePorts, LAST_RULE, new Match.DestinationIsLocal()));
                }
                Cidr loopbackNet = Cidr.parse(node.family() == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128");
                yield List.of(rule(
                        toNodePorts,
                        LAST_RULE,
                        new Match.DestinationIsLocal(),
                        new Match.Destination(loopbackNet, true)));
            }
            case NodePortAddresses.Only(List<Ip> addresses) ->
                addresses.stream()
                        .<Rule>map(ip -> rule(toNodePorts, LAST_RULE, new Match.Destination(Cidr.ofHost(ip), false)))
                        .toList();
        };
    }

    private static Chain chain(ChainName name, Rule... rules) {
        return new Chain(name, List.of(rules), NODE);
    }

    private static Rule.Known rule(Target target, Comment comment, Match... matches) {
        return new Rule.Known(List.of(matches), target, comment, NODE);
    }
}
