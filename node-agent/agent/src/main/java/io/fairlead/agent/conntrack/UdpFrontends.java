package io.fairlead.agent.conntrack;

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
 * Every UDP frontend the rules have, and those they had until a moment ago. Decides on flows by at most four look-ups
 * in hash tables, however many Services there are. One thread only.
 */
final class UdpFrontends {
    private final Map<UdpFrontend, Set<IpPort>> serving = new HashMap<>();
    private final Set<UdpFrontend> gone = new HashSet<>();

    void apply(UdpChanges changes) {
        apply(changes.serving(), changes.gone());
    }

    /** Applies all the changes that have been applied to another, which knew of nothing before. */
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

    /** The families of all of them. */
    Set<IpFamily> families() {
        return Stream.concat(serving.keySet().stream(), gone.stream())
                .map(UdpFrontend::family)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(IpFamily.class)));
    }

    /** To be called when no flow is left to what has gone. */
    void forgetGone() {
        gone.clear();
    }

    /** Whether it needs to be known which addresses are the node's own. */
    boolean anyNodePorts() {
        return Stream.concat(serving.keySet().stream(), gone.stream()).anyMatch(UdpFrontend.NodePort.class::isInstance);
    }

    /**
     * Whether the kernel should forget a flow, so that the client's next packet meets the rules again. A flow that was
     * never translated, because it began before there were rules, has to go once somebody can serve it (CT-5); as long
     * as nobody can, and after the Service is gone, it is none of ours.
     */
    boolean stale(UdpFlow flow, Host host) {
        Set<IpPort> legal = whoServes(flow, host);
        if (legal == null || serves(legal, flow)) {
            return false;
        }
        return flow.translated() || !legal.isEmpty();
    }

    /** As the rules have it, an address goes before a node port (EDGE-11), and what is there before what has gone. */
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
