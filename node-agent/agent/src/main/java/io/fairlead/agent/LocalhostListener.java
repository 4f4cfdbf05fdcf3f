package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.config.FeatureGates;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.localhost.LocalhostPort;
import io.fairlead.localhost.LocalhostPorts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Updates the ports on which node ports are served on loopback addresses in nftables mode (NP-16), after the rules were
 * applied. In iptables mode, rules serve node ports on loopback addresses.
 */
final class LocalhostListener implements RoundListener {
    private final LocalhostPorts ports;
    private final Set<IpFamily> families;
    /** The ports of the Services that changed since the last successful round. */
    private final Map<ServiceName, List<LocalhostPort>> changed = new TreeMap<>();

    LocalhostListener(LocalhostPorts ports, Set<IpFamily> families) {
        this.ports = ports;
        this.families = families;
    }

    /**
     * Returns the IP families whose node ports are served on localhost. A family is served if the mode is nftables, the
     * feature gate is on, and {@code nodePortAddresses} has a range that starts at a loopback address of the family. A
     * larger range such as 0.0.0.0/0 does not count.
     */
    static Set<IpFamily> families(KubeProxyConfig config, ProxyMode mode) {
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        if (mode == ProxyMode.NFTABLES && config.featureGates().isOn(FeatureGates.LOCALHOST_NODE_PORTS)) {
            config.nodePortAddresses().ranges().stream()
                    .filter(range -> range.network().isLoopback())
                    .forEach(range -> families.add(range.family()));
        }
        return families;
    }

    @Override
    public void after(RoundResult result) {
        if (result.delta() != null) {
            result.delta().services().forEach((name, change) -> changed.put(name, ports(change.after())));
        }
        if (result.outcome() != RoundResult.Outcome.FAILED) {
            ports.update(changed);
            changed.clear();
        }
    }

    private List<LocalhostPort> ports(@Nullable ServicePlan service) {
        List<LocalhostPort> served = new ArrayList<>();
        if (service != null) {
            for (PortPlan port : service.ports()) {
                if (families.contains(port.family()) && port.name().protocol() != Protocol.SCTP) {
                    add(port, served);
                }
            }
        }
        return served;
    }

    /**
     * Adds the node ports of a Service port that has endpoints. As in kube-proxy, only endpoints on this node are used
     * if the external traffic policy is Local.
     */
    private static void add(PortPlan port, List<LocalhostPort> into) {
        List<Endpoint> endpoints =
                port.external() == TrafficPolicy.LOCAL ? port.localEndpoints() : port.clusterEndpoints();
        List<IpPort> addresses = endpoints.stream().map(Endpoint::address).toList();
        for (Frontend frontend : port.frontends()) {
            if (frontend instanceof Frontend.NodePort(int number) && !addresses.isEmpty()) {
                into.add(new LocalhostPort(
                        port.name().text(), port.family(), port.name().protocol(), number, addresses, port.affinity()));
            }
        }
    }
}
