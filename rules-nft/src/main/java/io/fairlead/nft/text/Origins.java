package io.fairlead.nft.text;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the Service port for each object in a table that was read from the kernel. The element for a frontend has the
 * Service port as its comment. For an element without a comment, the key leads to a frontend.
 */
public final class Origins {
    private static final Pattern OF_KUBE_PROXY =
            Pattern.compile("[a-z]+-[A-Z0-9]{8}-([^/]+)/([^/]+)/([a-z]+)/([-a-z0-9]*)(?:__.*)?");
    private static final Origin NODE = new Origin.Node();
    private static final List<SetName> OF_VIPS =
            List.of(Names.SERVICE_IPS, Names.NO_ENDPOINT_SERVICES, Names.FIREWALL_IPS);
    private static final List<SetName> OF_NODE_PORTS = List.of(Names.SERVICE_NODE_PORTS, Names.NO_ENDPOINT_NODE_PORTS);

    private record Named(Comment comment, Protocol protocol) {}

    private final Table table;
    private final Map<Named, Origin> byComment = new HashMap<>();
    private final Map<ElementKey, Origin> byEndpoint;

    private Origins(Table table) {
        this.table = table;
        this.byEndpoint = byEndpoint();
    }

    /** Returns the table with the origin of each object. */
    public static Table assigned(Table table) {
        Origins origins = new Origins(table);
        return Table.of(
                table.family(),
                table.comment(),
                table.sets().values().stream().map(origins::assigned).toList(),
                table.chains().values().stream().map(origins::assigned).toList(),
                table.others());
    }

    private NamedSet assigned(NamedSet set) {
        Origin ofSet = ofObject(set.name().text(), set.comment());
        boolean wholeSet = Names.hash(set.name().text()).isPresent();
        List<Element> elements = new ArrayList<>(set.elements().size());
        for (Element element : set.elements()) {
            elements.add(element.from(wholeSet ? ofSet : of(set, element)));
        }
        return new NamedSet(set.name(), set.type(), set.comment(), elements, ofSet);
    }

    private Chain assigned(Chain chain) {
        return new Chain(
                chain.name(),
                chain.hook(),
                chain.comment(),
                chain.rules(),
                ofObject(chain.name().text(), chain.comment()));
    }

    /** Returns the origin of an element in a set that several Service ports share. */
    private Origin of(NamedSet set, Element element) {
        return switch (element.key()) {
            case ElementKey.Vip key ->
                element.comment().isEmpty() ? frontend(key) : ofComment(element.comment(), key.protocol());
            case ElementKey.NodePort key ->
                element.comment().isEmpty() ? frontend(key) : ofComment(element.comment(), key.protocol());
            case ElementKey.VipSlot(Ip ip, int port, var _) -> frontend(new ElementKey.Vip(ip, protocol(set), port));
            case ElementKey.NodePortSlot(int port, var _) -> frontend(new ElementKey.NodePort(protocol(set), port));
            case ElementKey.Address(Ip ip) -> set.name().equals(Names.CLUSTER_IPS) ? clusterIp(ip) : NODE;
            case ElementKey.Pair pair -> byEndpoint.getOrDefault(pair, NODE);
            case ElementKey.Slot _, ElementKey.Range _, ElementKey.Socket _ -> NODE;
        };
    }

    /** Returns the Service port of a frontend; an unknown origin if no element for the frontend shows it. */
    private Origin frontend(ElementKey key) {
        for (SetName name : key instanceof ElementKey.Vip ? OF_VIPS : OF_NODE_PORTS) {
            NamedSet set = table.sets().get(name);
            if (set != null && !set.elements().isEmpty()) {
                Element element = set.find(key);
                if (element != null && !element.comment().isEmpty()) {
                    return of(set, element);
                }
                Optional<Origin> ofChain = element == null ? Optional.empty() : ofVerdict(element);
                if (ofChain.isPresent()) {
                    return ofChain.get();
                }
            }
        }
        return new Origin.Unknown("unknown");
    }

    /**
     * Returns the Service port in the name of the chain to which an element of kube-proxy leads; empty if there is
     * none. kube-proxy's elements have no comment.
     */
    private static Optional<Origin> ofVerdict(Element element) {
        return switch (element.data()) {
            case Verdict.Jump(var chain) -> ofKubeProxysChain(chain.toString());
            case Verdict.Goto(var chain) -> ofKubeProxysChain(chain.toString());
            case Verdict.Return _, Verdict.Accept _, Verdict.Drop _, ElementData.Target _ -> Optional.empty();
            case null -> Optional.empty();
        };
    }

    /**
     * Returns the Service port in a name such as "service-ULMVA6XW-ns1/svc1/tcp/p80" (kube-proxy 1.37); empty for any
     * other name.
     */
    private static Optional<Origin> ofKubeProxysChain(String name) {
        Matcher matcher = OF_KUBE_PROXY.matcher(name);
        return matcher.matches()
                ? Protocol.parse(matcher.group(3))
                        .map(protocol -> new Origin.Port(new ServicePortName(
                                new ServiceName(matcher.group(1), matcher.group(2)), matcher.group(4), protocol)))
                : Optional.empty();
    }

    /**
     * Returns the first Service port with this address, because all Service ports with a ClusterIP belong to one
     * Service; an unknown origin if no element has the address.
     */
    private Origin clusterIp(Ip ip) {
        for (SetName name : OF_VIPS) {
            NamedSet set = table.sets().get(name);
            if (set != null) {
                Element element = set.ceiling(new ElementKey.Vip(ip, Protocol.TCP, 0));
                if (element != null
                        && element.key() instanceof ElementKey.Vip vip
                        && vip.ip().equals(ip)) {
                    return of(set, element);
                }
            }
        }
        return new Origin.Unknown("unknown");
    }

    /**
     * Returns the origins of hairpin pairs, which consist of a pod and the same pod. All Service ports whose pools
     * contain the pod share the pair. Its origin is the first Service port that is found.
     */
    private Map<ElementKey, Origin> byEndpoint() {
        NamedSet pairs = table.sets().get(Names.HAIRPIN);
        if (pairs == null || pairs.elements().isEmpty()) {
            return Map.of();
        }
        Set<ElementKey> wanted = new HashSet<>();
        pairs.elements().forEach(element -> wanted.add(element.key()));
        Map<ElementKey, Origin> origins = new HashMap<>();
        for (NamedSet set : table.sets().values()) {
            if (set.type().isPool()) {
                Protocol protocol = protocol(set);
                Optional<Origin> ofSet = Names.hash(set.name().text())
                        .map(_ -> ofObject(set.name().text(), set.comment()));
                for (Element element : set.elements()) {
                    if (element.data() instanceof ElementData.Target(var endpoint)) {
                        ElementKey pair = new ElementKey.Pair(endpoint.ip(), endpoint.ip(), protocol, endpoint.port());
                        if (wanted.contains(pair)) {
                            origins.computeIfAbsent(pair, _ -> ofSet.orElseGet(() -> of(set, element)));
                        }
                    }
                }
            }
        }
        return origins;
    }

    private static Protocol protocol(NamedSet set) {
        return switch (set.type()) {
            case SetType.VipEndpoints(Protocol protocol) -> protocol;
            case SetType.NodePortEndpoints(Protocol protocol) -> protocol;
            case SetType.PoolEndpoints(Protocol protocol) -> protocol;
            case SetType.Addresses _,
                    SetType.Ranges _,
                    SetType.Pairs _,
                    SetType.Sockets _,
                    SetType.VipVerdicts _,
                    SetType.NodePortVerdicts _,
                    SetType.Affinity _,
                    SetType.Foreign _ -> throw new IllegalArgumentException("no map of endpoints: " + set.name());
        };
    }

    /**
     * Returns the origin of a set or chain. If it belongs to a Service port, its comment contains the namespace, name
     * and port. The hash in its name depends on the protocol, so it shows the protocol. If comment and hash do not
     * agree, returns an unknown origin.
     */
    private Origin ofObject(String name, Comment comment) {
        Optional<String> hash = Names.hash(name);
        if (hash.isEmpty()) {
            return ofKubeProxysChain(name).orElse(NODE);
        }
        for (Protocol protocol : Protocol.values()) {
            if (ofComment(comment, protocol) instanceof Origin.Port port
                    && port.name().hash("").equals(hash.get())) {
                return port;
            }
        }
        return new Origin.Unknown(comment.isEmpty() ? name : comment.text());
    }

    private Origin ofComment(Comment comment, Protocol protocol) {
        return byComment.computeIfAbsent(new Named(comment, protocol), _ -> parsed(comment.text(), protocol));
    }

    private static Origin parsed(String text, Protocol protocol) {
        int slash = text.indexOf('/');
        int colon = text.indexOf(':', slash);
        if (slash <= 0) {
            return new Origin.Unknown(text);
        }
        String name = text.substring(slash + 1, colon < 0 ? text.length() : colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        return new Origin.Port(new ServicePortName(new ServiceName(text.substring(0, slash), name), port, protocol));
    }
}
