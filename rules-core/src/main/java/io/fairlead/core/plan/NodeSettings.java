package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import java.util.List;

/**
 * Configuration and node facts that the plan depends on, both families together.
 *
 * @param nodeName this node's name; "" makes no endpoint local (EPS-8)
 * @param bindAddresses overrides of the node's primary address (--bind-address), at most one a family; usually empty
 * @param localAddresses addresses of this node's interfaces; node ports with CIDRs are served on those of them that
 *     match
 * @param detectLocal how packets of this node's pods are told (MQ-8)
 * @param nodePortAddresses where node ports are served
 * @param localhostNodePorts as configured; NP-13 decides whether it holds
 * @param tcpBeLiberal whether conntrack is liberal, so that nothing is dropped for being INVALID (CT-15)
 * @param externalIps whether external IPs are served; false if the feature gate AllowServiceExternalIPs is off
 *     (EXTIP-6)
 */
public record NodeSettings(
        ProxyMode mode,
        String nodeName,
        List<Ip> bindAddresses,
        List<Ip> localAddresses,
        DetectLocal detectLocal,
        NodePortSelection nodePortAddresses,
        int masqueradeBit,
        boolean masqueradeAll,
        boolean localhostNodePorts,
        boolean tcpBeLiberal,
        boolean externalIps) {

    /** Bit 14, as kube-proxy's default (MQ-2). */
    public static final int DEFAULT_MASQUERADE_BIT = 14;

    /** Copies the lists. */
    public NodeSettings {
        bindAddresses = List.copyOf(bindAddresses);
        localAddresses = List.copyOf(localAddresses);
    }

    /** The same with external IPs served. */
    public NodeSettings(
            ProxyMode mode,
            String nodeName,
            List<Ip> bindAddresses,
            List<Ip> localAddresses,
            DetectLocal detectLocal,
            NodePortSelection nodePortAddresses,
            int masqueradeBit,
            boolean masqueradeAll,
            boolean localhostNodePorts,
            boolean tcpBeLiberal) {
        this(
                mode,
                nodeName,
                bindAddresses,
                localAddresses,
                detectLocal,
                nodePortAddresses,
                masqueradeBit,
                masqueradeAll,
                localhostNodePorts,
                tcpBeLiberal,
                true);
    }

    /** kube-proxy's defaults for a mode (CFG-6, NP-7). */
    public static NodeSettings defaults(ProxyMode mode, String nodeName) {
        return new NodeSettings(
                mode,
                nodeName,
                List.of(),
                List.of(),
                new DetectLocal.ClusterCidr(List.of()),
                mode == ProxyMode.NFTABLES ? NodePortSelection.primary() : NodePortSelection.everywhere(),
                DEFAULT_MASQUERADE_BIT,
                false,
                true,
                false);
    }

    /** {@code detectLocalMode} with what the mode needs. */
    public sealed interface DetectLocal {
        /** {@code clusterCIDR}: the first of each family counts (MQ-10). */
        record ClusterCidr(List<Cidr> cidrs) implements DetectLocal {
            /** Copies the list. */
            public ClusterCidr {
                cidrs = List.copyOf(cidrs);
            }
        }

        /** The Node's own {@code spec.podCIDRs} (MQ-11). */
        record NodeCidr() implements DetectLocal {}

        /** {@code detectLocal.bridgeInterface}. */
        record BridgeInterface(InterfaceName name) implements DetectLocal {}

        /** {@code detectLocal.interfaceNamePrefix}. */
        record InterfaceNamePrefix(InterfaceName prefix) implements DetectLocal {}
    }

    /**
     * {@code nodePortAddresses}: node ports are served on interface addresses inside one of these (NP-4, NP-6). A
     * family for which nothing is listed is served on every local address (NP-2, NP-3).
     *
     * @param primaryAddresses whether the node's primary addresses are listed, by the keyword {@code primary}
     * @param ranges ranges of both families; those that the keywords {@code localhost} and {@code all} stand for
     *     are among them
     */
    public record NodePortSelection(boolean primaryAddresses, List<Cidr> ranges) {
        /** Copies the list. */
        public NodePortSelection {
            ranges = List.copyOf(ranges);
        }

        /** Nothing is listed. */
        public static NodePortSelection everywhere() {
            return new NodePortSelection(false, List.of());
        }

        /** {@code primary} alone. */
        public static NodePortSelection primary() {
            return new NodePortSelection(true, List.of());
        }

        /** Ranges alone. */
        public static NodePortSelection within(List<Cidr> ranges) {
            return new NodePortSelection(false, ranges);
        }
    }
}
