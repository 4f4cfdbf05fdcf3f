package io.fairlead.nft.layout;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose the objects of a table are. Frontends carry their Service port as comment; what has none is found through its key,
 * which leads to a frontend. One thread only.
 */
public final class Origins {
    private static final Origin NODE = new Origin.Node();
    private static final List<SetName> OF_VIPS =
            List.of(Names.SERVICE_IPS, Names.NO_ENDPOINT_SERVICES, Names.FIREWALL_IPS);
    private static final List<SetName> OF_NODE_PORTS = List.of(Names.SERVICE_NODE_PORTS, Names.NO_ENDPOINT_NODE_PORTS);

    private final Table table;
    private @Nullable Map<ElementKey, Origin> byEndpoint;

    /** Origins of what is in this table. */
    public Origins(Table table) {
        this.table = table;
    }

    /** Whose chain it is. */
    public Origin of(Chain chain) {
        return ofObject(chain.name().text(), chain.comment());
    }

    /** Whose set or map it is, as an object; its elements may be others'. */
    public Origin of(NamedSet set) {
        return ofObject(set.name().text(), set.comment());
    }

    /** Whose element it is. */
    public Origin of(NamedSet set, Element element) {
        Optional<String> hash = Names.hash(set.name().text());
        if (hash.isPresent()) {
            return of(set);
        }
        return switch (element.key()) {
            case ElementKey.Vip key ->
                element.comment().isEmpty() ? frontend(key) : byComment(element.comment(), key.protocol());
            case ElementKey.NodePort key ->
                element.comment().isEmpty() ? frontend(key) : byComment(element.comment(), key.protocol());
            case ElementKey.VipSlot(Ip ip, int port, var _) -> frontend(new ElementKey.Vip(ip, protocol(set), port));
            case ElementKey.NodePortSlot(int port, var _) -> frontend(new ElementKey.NodePort(protocol(set), port));
            case ElementKey.Address(Ip ip) -> set.name().equals(Names.CLUSTER_IPS) ? clusterIp(ip) : NODE;
            case ElementKey.Pair pair -> endpoint(pair);
            case ElementKey.Slot _, ElementKey.Range _, ElementKey.Socket _ -> NODE;
        };
    }

    /** Whose a frontend is, by its key. */
    private Origin frontend(ElementKey key) {
        for (SetName name : key instanceof ElementKey.Vip ? OF_VIPS : OF_NODE_PORTS) {
            NamedSet set = table.sets().get(name);
            if (set != null && !set.elements().isEmpty()) {
                Element element = set.find(key);
                if (element != null && !element.comment().isEmpty()) {
                    return of(set, element);
                }
            }
        }
        return new Origin.Unknown("unknown");
    }

    /** The first port of whoever has the address: all of them are one Service's. */
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

    /** Pairs of a pod with itself are shared by all Services that have it; the first one answers for it. */
    private Origin endpoint(ElementKey.Pair pair) {
        if (byEndpoint == null) {
            byEndpoint = indexEndpoints();
        }
        return byEndpoint.getOrDefault(pair, NODE);
    }

    private Map<ElementKey, Origin> indexEndpoints() {
        Map<ElementKey, Origin> index = new HashMap<>();
        for (NamedSet set : table.sets().values()) {
            if (set.type().isPool()) {
                Protocol protocol = protocol(set);
                for (Element element : set.elements()) {
                    if (element.data() instanceof ElementData.Target(var endpoint)) {
                        index.computeIfAbsent(
                                new ElementKey.Pair(endpoint.ip(), endpoint.ip(), protocol, endpoint.port()),
                                _ -> of(set, element));
                    }
                }
            }
        }
        return index;
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

    /** A comment on an object says namespace, name and port; the hash in its name says which protocol. */
    private static Origin ofObject(String name, Comment comment) {
        Optional<String> hash = Names.hash(name);
        if (hash.isEmpty()) {
            return NODE;
        }
        for (Protocol protocol : Protocol.values()) {
            if (byComment(comment, protocol) instanceof Origin.Port port
                    && port.name().hash("").equals(hash.get())) {
                return port;
            }
        }
        return new Origin.Unknown(comment.isEmpty() ? name : comment.text());
    }

    private static Origin byComment(Comment comment, Protocol protocol) {
        String text = comment.text();
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
