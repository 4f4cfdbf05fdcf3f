package io.fairlead.nft.render;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Renders the objects of one Service port. Each instance is used only once. */
final class PortRenderer {
    private final NodePlan node;
    private final PortPlan port;
    private final Protocol protocol;
    private final Origin origin;
    private final Comment comment;
    private final boolean sticky;

    private final Map<SetName, List<Element>> elements = new HashMap<>();
    private final List<NamedSet> sets = new ArrayList<>();
    private final List<Chain> chains = new ArrayList<>();
    private final Set<Names.Pick> picks = new HashSet<>();
    private final Set<Need> needs = EnumSet.of(Need.CLUSTER_IPS);

    PortRenderer(NodePlan node, PortPlan port) {
        this.node = node;
        this.port = port;
        this.protocol = port.name().protocol();
        this.origin = port.origin();
        this.comment = Comment.nearest(origin.text());
        this.sticky = port.affinity() instanceof Affinity.ClientIp;
    }

    PortRules render() {
        add(Names.CLUSTER_IPS, element(new ElementKey.Address(port.clusterIp())));
        boolean cluster = false;
        boolean local = false;
        boolean firewalled = false;
        for (Frontend frontend : port.frontends()) {
            frontend(frontend);
            cluster |= usesCluster(frontend);
            local |= usesLocal(frontend);
            firewalled |= port.firewalled(frontend);
        }
        hairpins(cluster, local);
        if (firewalled) {
            firewall();
            needs.add(Need.SOURCE_RANGES);
        }
        if (cluster || local) {
            needs.add(Need.TRANSLATION);
        }
        if (port.affinity() instanceof Affinity.ClientIp(int timeoutSeconds) && (cluster || local)) {
            StickyRenderer affinity = new StickyRenderer(node, port, timeoutSeconds, cluster, local);
            sets.addAll(affinity.sets());
            chains.addAll(affinity.chains());
            needs.add(Need.AFFINITY);
        }
        divide(false, cluster);
        divide(true, local);
        return new PortRules(elements, sets, chains, picks, needs);
    }

    /** Adds the objects that split the traffic of a pool between backends. */
    private void divide(boolean ofLocal, boolean used) {
        if (used && !port.split().of(ofLocal).isEmpty()) {
            DivisionRenderer division = new DivisionRenderer(port, ofLocal);
            sets.addAll(division.sets());
            chains.addAll(division.chains(!sticky));
        }
    }

    private boolean usesCluster(Frontend frontend) {
        return switch (port.disposition(frontend)) {
            case CLUSTER -> true;
            case LOCAL, LOCAL_WITHOUT_ENDPOINTS -> frontend.external();
            case REJECT -> false;
        };
    }

    private boolean usesLocal(Frontend frontend) {
        return port.disposition(frontend) == PortPlan.Disposition.LOCAL;
    }

    private void frontend(Frontend frontend) {
        boolean nodePort = frontend instanceof Frontend.NodePort;
        ElementKey key = switch (frontend.key(protocol)) {
            case Frontend.Key.Vip(Ip ip, var _, int number) -> new ElementKey.Vip(ip, protocol, number);
            case Frontend.Key.Node(var _, int number) -> new ElementKey.NodePort(protocol, number);
        };
        if (port.firewalled(frontend)) {
            add(Names.FIREWALL_IPS, verdict(key, new Verdict.Goto(Names.firewall(hash()))));
        }
        if (usesCluster(frontend) || usesLocal(frontend)) {
            boolean local = port.disposition(frontend) != PortPlan.Disposition.CLUSTER;
            ChainName policy = Names.policy(nodePort, frontend.external(), local);
            add(nodePort ? Names.SERVICE_NODE_PORTS : Names.SERVICE_IPS, verdict(key, new Verdict.Goto(policy)));
        }
        switch (port.disposition(frontend)) {
            case REJECT -> refuse(key, nodePort, new Verdict.Goto(Names.REJECT));
            case LOCAL_WITHOUT_ENDPOINTS -> refuse(key, nodePort, new Verdict.Drop());
            case CLUSTER, LOCAL -> {}
        }
        if (usesCluster(frontend)) {
            pool(nodePort ? Names.Pool.NODE_PORT : Names.Pool.VIP, key, port.clusterEndpoints());
        }
        if (usesLocal(frontend)) {
            pool(nodePort ? Names.Pool.NODE_PORT_LOCAL : Names.Pool.VIP_LOCAL, key, port.localEndpoints());
        }
        learning(frontend, key);
    }

    /** Adds the verdict that refuses packets to a frontend without usable endpoints (NFT-14). */
    private void refuse(ElementKey key, boolean nodePort, Verdict verdict) {
        needs.add(Need.NO_ENDPOINTS);
        add(nodePort ? Names.NO_ENDPOINT_NODE_PORTS : Names.NO_ENDPOINT_SERVICES, verdict(key, verdict));
    }

    /**
     * Adds the element that leads from a frontend to its pick chain, and the endpoints of the pool. If the Service port
     * has affinity, or if its traffic is split, the element leads to a chain of the Service port instead, which has its
     * own map of endpoints.
     */
    private void pool(Names.Pool pool, ElementKey key, List<Endpoint> endpoints) {
        if (sticky) {
            ChainName chain = new Names.Sticky(hash(), pool.local()).chain();
            add(pool.picks(), element(key, new Verdict.Goto(chain)));
            return;
        }
        if (!port.split().of(pool.local()).isEmpty()) {
            add(pool.picks(), element(key, new Verdict.Goto(new Names.Division(hash(), pool.local()).chain())));
            return;
        }
        picks.add(new Names.Pick(pool, 1));
        picks.add(new Names.Pick(pool, endpoints.size()));
        add(pool.picks(), element(key, new Verdict.Goto(pool.pick(endpoints.size()))));
        for (int i = 0; i < endpoints.size(); i++) {
            add(
                    pool.endpoints(protocol),
                    element(
                            slot(key, i),
                            new ElementData.Target(endpoints.get(i).address())));
        }
    }

    private static ElementKey slot(ElementKey frontend, int index) {
        return switch (frontend) {
            case ElementKey.Vip(Ip ip, var _, int number) -> new ElementKey.VipSlot(ip, number, index);
            case ElementKey.NodePort(var _, int number) -> new ElementKey.NodePortSlot(number, index);
            case ElementKey.VipSlot _,
                    ElementKey.NodePortSlot _,
                    ElementKey.Slot _,
                    ElementKey.Address _,
                    ElementKey.Range _,
                    ElementKey.Pair _,
                    ElementKey.Socket _ -> throw new IllegalArgumentException("no frontend: " + frontend);
        };
    }

    /**
     * Adds the element that leads to the chain that stores clients of a frontend. If the Service port has no affinity,
     * and the address of the frontend may also serve node ports, adds an element that stores nothing. Without that
     * element, connections to the frontend would count as connections to a node port with the same number. Adds nothing
     * if no packet to the frontend is translated.
     */
    private void learning(Frontend frontend, ElementKey key) {
        boolean translated = usesCluster(frontend) || usesLocal(frontend);
        SetName map = frontend instanceof Frontend.NodePort ? Names.NODE_PORT_STICKY : Names.STICKY;
        if (sticky && translated) {
            ChainName chain = switch (port.disposition(frontend)) {
                case LOCAL -> frontend.external() ? Names.learnMixed(hash()) : new Names.Sticky(hash(), true).learn();
                case CLUSTER, LOCAL_WITHOUT_ENDPOINTS, REJECT -> new Names.Sticky(hash(), false).learn();
            };
            add(map, element(key, new Verdict.Goto(chain)));
        } else if (translated
                && key instanceof ElementKey.Vip(Ip ip, var _, var _)
                && mayServeNodePorts(frontend, ip)) {
            add(map, element(key, new Verdict.Return()));
        }
    }

    private boolean mayServeNodePorts(Frontend frontend, Ip ip) {
        return switch (node.nodePortAddresses()) {
            case NodePortAddresses.Only(List<Ip> addresses) -> addresses.contains(ip);
            case NodePortAddresses.AnyLocal _ -> frontend.external();
        };
    }

    private void hairpins(boolean cluster, boolean local) {
        List<Endpoint> ofCluster = cluster ? port.clusterEndpoints() : List.of();
        for (Endpoint endpoint : ofCluster) {
            if (endpoint.local()) {
                hairpin(endpoint);
            }
        }
        for (Endpoint endpoint : local ? port.localEndpoints() : List.<Endpoint>of()) {
            if (endpoint.local() && !ofCluster.contains(endpoint)) {
                hairpin(endpoint);
            }
        }
    }

    private void hairpin(Endpoint endpoint) {
        add(Names.HAIRPIN, element(new ElementKey.Pair(endpoint.ip(), endpoint.ip(), protocol, endpoint.port())));
    }

    /** Adds the objects that check source ranges (LBF-1 to LBF-7, NFT-19). */
    private void firewall() {
        SetName ranges = Names.firewallRanges(hash());
        Stream<ElementKey.Range> ofItself = port.nodeInSourceRanges()
                ? port.frontends().stream()
                        .filter(Frontend.LoadBalancerIp.class::isInstance)
                        .map(frontend -> frontend.key(protocol))
                        .filter(Frontend.Key.Vip.class::isInstance)
                        .map(key -> ((Frontend.Key.Vip) key).ip())
                        .map(ip -> new ElementKey.Range(ip, ip))
                : Stream.of();
        List<ElementKey.Range> allowed = ElementKey.Range.join(
                Stream.concat(port.allowedSources().ranges().stream().map(ElementKey.Range::of), ofItself)
                        .toList());
        sets.add(new NamedSet(
                ranges,
                new SetType.Ranges(),
                comment,
                allowed.stream().map(this::element).toList(),
                origin));
        Rule rule = Rule.of(
                new Statement.InSet(Field.SOURCE_ADDRESS, true, ranges), new Statement.Decide(new Verdict.Drop()));
        chains.add(new Chain(Names.firewall(hash()), null, comment, List.of(rule), origin));
    }

    private String hash() {
        return port.name().hash("");
    }

    private Element element(ElementKey key) {
        return new Element(key, null, Comment.NONE, origin);
    }

    private Element element(ElementKey key, ElementData data) {
        return new Element(key, data, Comment.NONE, origin);
    }

    private Element verdict(ElementKey key, Verdict verdict) {
        return new Element(key, verdict, comment, origin);
    }

    private void add(SetName set, Element element) {
        elements.computeIfAbsent(set, _ -> new ArrayList<>(2)).add(element);
    }
}
