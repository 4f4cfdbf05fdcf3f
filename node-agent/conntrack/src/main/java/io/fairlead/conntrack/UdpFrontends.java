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
 * All UDP frontends of the rules, with their serving endpoints, and the frontends that were removed since the last
 * complete check of the flows. The time to decide whether a flow is stale does not grow with the number of Services.
 * Not thread-safe.
 */
final class UdpFrontends {
    private final Map<UdpFrontend, Set<IpPort>> serving = new HashMap<>();
    private final Set<UdpFrontend> gone = new HashSet<>();

    void apply(UdpChanges changes) {
        apply(changes.serving(), changes.gone());
    }

    /** Applies all changes that another instance has collected. That instance must have started empty. */
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

    /** Forgets the removed frontends. Call it when no flow to them is left. */
    void forgetGone() {
        gone.clear();
    }

    /** Returns whether there are node ports. Only for node ports does {@link #stale} use the node's own addresses. */
    boolean anyNodePorts() {
        return Stream.concat(serving.keySet().stream(), gone.stream()).anyMatch(UdpFrontend.NodePort.class::isInstance);
    }

    /**
     * Returns whether a flow is stale: the kernel must forget it, so that the client's next packet passes through the
     * rules again. A flow whose destination was not replaced started before there were rules for it. It is stale as
     * soon as an endpoint serves its frontend (CT-5); it is not stale while there is no endpoint, or if the Service no
     * longer exists.
     */
    boolean stale(UdpFlow flow, Host host) {
        Set<IpPort> legal = whoServes(flow, host);
        if (legal == null || serves(legal, flow)) {
            return false;
        }
        return flow.translated() || !legal.isEmpty();
    }

    /**
     * Returns the endpoints that serve the destination of a flow; an empty set if its frontend has no endpoint or was
     * removed; null if the destination is not a frontend. As in the rules, an address has precedence over a node port
     * (EDGE-11). An existing frontend has precedence over a removed frontend.
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
