package io.fairlead.core.plan;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes the node plan from the settings and the Node object. */
record NodePlanning(NodeSettings settings, @Nullable NodeObject node) {

    String zone() {
        return node == null ? "" : node.zone();
    }

    /**
     * Returns the primary address of the node (PROTO-8): the bind address if there is one, otherwise the first address
     * of this family in the Node object, otherwise the loopback address.
     */
    Ip primaryAddress(IpFamily family) {
        return settings.bindAddresses().stream()
                .filter(ip -> ip.family() == family)
                .findFirst()
                .or(() -> nodeAddress(family))
                .orElse(family == IpFamily.IPV4 ? new Ipv4(0x7f000001) : new Ipv6(0, 1));
    }

    NodePlan plan(IpFamily family, Collection<ServiceCidrObject> serviceCidrs) {
        ProxyMode mode = settings.mode();
        return new NodePlan(
                family,
                mode,
                detector(family),
                nodePortAddresses(family),
                settings.masqueradeBit(),
                settings.masqueradeAll(),
                localhostNodePorts(family),
                mode.dropsUnallocatedClusterIps()
                        ? Cidr.merge(serviceCidrs.stream()
                                .flatMap(object -> object.cidrs().stream())
                                .filter(cidr -> cidr.family() == family)
                                .toList())
                        : List.of(),
                mode == ProxyMode.IPTABLES && !settings.tcpBeLiberal());
    }

    private Optional<Ip> nodeAddress(IpFamily family) {
        return node == null
                ? Optional.empty()
                : node.addresses().stream().filter(ip -> ip.family() == family).findFirst();
    }

    private LocalDetector detector(IpFamily family) {
        return switch (settings.detectLocal()) {
            case NodeSettings.DetectLocal.ClusterCidr(List<Cidr> cidrs) -> bySource(cidrs, family);
            case NodeSettings.DetectLocal.NodeCidr _ -> bySource(node == null ? List.of() : node.podCidrs(), family);
            case NodeSettings.DetectLocal.BridgeInterface(InterfaceName name) -> new LocalDetector.Interface(name);
            case NodeSettings.DetectLocal.InterfaceNamePrefix(InterfaceName prefix) ->
                new LocalDetector.InterfacePrefix(prefix);
        };
    }

    /** Returns the detector for the first prefix of this family; other prefixes of this family are ignored (MQ-10). */
    private static LocalDetector bySource(List<Cidr> cidrs, IpFamily family) {
        return cidrs.stream()
                .filter(cidr -> cidr.family() == family)
                .findFirst()
                .<LocalDetector>map(LocalDetector.SourceCidr::new)
                .orElse(new LocalDetector.None());
    }

    /**
     * Returns the prefixes that select the node addresses of this family on which node ports are served. An empty list
     * selects all addresses (NP-2, NP-3).
     */
    private List<Cidr> nodePortCidrs(IpFamily family) {
        List<Cidr> cidrs = new ArrayList<>(settings.nodePortAddresses().ranges().stream()
                .filter(cidr -> cidr.family() == family)
                .toList());
        Ip primary = primaryAddress(family);
        if (settings.nodePortAddresses().primaryAddresses() && !primary.isLoopback()) {
            cidrs.add(Cidr.ofHost(primary));
        }
        return cidrs.stream().anyMatch(cidr -> cidr.prefixLength() == 0) ? List.of() : cidrs;
    }

    private NodePortAddresses nodePortAddresses(IpFamily family) {
        List<Cidr> cidrs = nodePortCidrs(family);
        boolean loopback = localhostNodePorts(family);
        if (cidrs.isEmpty()) {
            return new NodePortAddresses.AnyLocal(loopback);
        }
        return new NodePortAddresses.Only(settings.localAddresses().stream()
                .filter(ip -> cidrs.stream().anyMatch(cidr -> cidr.contains(ip)))
                .filter(ip -> loopback || !ip.isLoopback())
                .distinct()
                .sorted()
                .toList());
    }

    /** Returns whether node ports are served on loopback addresses (NP-9, NP-11, NP-13, NP-16). */
    private boolean localhostNodePorts(IpFamily family) {
        List<Cidr> cidrs = nodePortCidrs(family);
        return settings.mode() == ProxyMode.IPTABLES
                && family == IpFamily.IPV4
                && settings.localhostNodePorts()
                && (cidrs.isEmpty() || cidrs.stream().anyMatch(Cidr::meetsLoopback));
    }
}
