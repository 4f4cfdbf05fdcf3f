package io.fairlead.conntrack;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All UDP frontends of the rules, and those that were removed a moment ago. It decides about a flow with at most four
 * hash look-ups, however many Services there are. For one thread only.
 */
final class UdpFrontends {
    private final Map<UdpFrontend, Set<IpPort>> serving = new HashMap<>();
    private final Set<UdpFrontend> gone = new HashSet<>();

    void apply(UdpChanges changes) {
        apply(changes.serving(), changes.gone());
    }

    /** Applies all changes that another instance, which started empty, has collected. */
    void apply(UdpFrontends changes) {
        apply(changes.serving, changes.gone);
    }

    private void apply(Map<UdpFrontend, Set<IpPort>> changed, Set<UdpFrontend> disappeared) {
        changed.forEach((frontend, addresses) -> {
            serving.put(frontend, addresses);
            gone.remove(frontend);
        });
        for (UdpFrontend frontend : disappeared) {
            serving.remove(frontend);
            gone.add(frontend);
        }
    }

    boolean isEmpty() {
        return serving.isEmpty() && gone.isEmpty();
    }

    /** Returns the families of all frontends. */
    Set<IpFamily> families() {
        return Stream.concat(serving.keySet().stream(), gone.stream())
                .map(UdpFrontend::family)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(IpFamily.class)));
    }

    /** Forgets the removed frontends. It is called when no flow to them is left. */
    void forgetGone() {
        gone.clear();
    }

    /** Returns whether there are node ports, for which the node's own addresses must be known. */
    boolean anyNodePorts() {
        return Stream.concat(serving.keySet().stream(), gone.stream()).anyMatch(UdpFrontend.NodePort.class::isInstance);
    }

    /**
     * Returns whether the kernel must forget a flow, so that the client's next packet passes through the rules again. A
     * flow that was never translated, because it started before the rules, is stale as soon as an endpoint serves its
     * frontend (CT-5). Without an endpoint, and after the Service is gone, it is left alone.
     */
    boolean stale(UdpFlow flow, Host host) {
        Set<IpPort> legal = whoServes(flow, host);
        if (legal == null || serves(legal, flow)) {
            return false;
        }
        return flow.translated() || !legal.isEmpty();
    }

    /**
     * Returns the endpoints that serve the destination of a flow. As in the rules, an address has precedence over a
     * node port (EDGE-11), and an existing frontend over a removed one.
     */
    private @Nullable Set<IpPort> whoServes(UdpFlow flow, Host host) {
        UdpFrontend address = new UdpFrontend.Address(flow.destination(), flow.destinationPort());
        UdpFrontend nodePort = new UdpFrontend.NodePort(flow.family(), flow.destinationPort());
        Set<IpPort> ofAddress = serving.get(address);
        if (ofAddress != null) {
            return ofAddress;
        }
        boolean local = host.isLocal(flow.destination());
        Set<IpPort> ofNodePort = local ? serving.get(nodePort) : null;
        if (ofNodePort != null) {
            return ofNodePort;
        }
        return gone.contains(address) || (local && gone.contains(nodePort)) ? Set.of() : null;
    }

    private static boolean serves(Set<IpPort> legal, UdpFlow flow) {
        return flow.replySourcePort() != 0 && legal.contains(new IpPort(flow.replySource(), flow.replySourcePort()));
    }
}
