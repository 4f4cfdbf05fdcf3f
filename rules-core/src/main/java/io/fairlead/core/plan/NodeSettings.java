package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import java.util.List;

/**
 * The configuration of the node, and the facts about the node, on which the plan depends. They apply to both families.
 *
 * @param nodeName the name of this node; if it is "", no endpoint is local (EPS-8)
 * @param bindAddresses addresses that override the primary address of the node (--bind-address), at most one per
 *     family; usually empty
 * @param localAddresses the addresses of the node's interfaces. If node ports are limited to CIDRs, node ports are
 *     served only on the addresses of this list that match
 * @param detectLocal the method by which packets from local pods are recognized (MQ-8)
 * @param nodePortAddresses the addresses on which node ports are served
 * @param masqueradeBit the bit of the packet mark that means "masquerade", 0 to 31 (MQ-2)
 * @param localhostNodePorts the configured value; NP-13 decides whether it is in effect
 * @param tcpBeLiberal whether conntrack accepts TCP packets with unexpected sequence numbers; if so, no rule drops
 *     INVALID packets (CT-15)
 * @param served the external IPs and load balancer IPs that are served; without external IPs if the feature gate
 *     AllowServiceExternalIPs is off (EXTIP-6)
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
        ServedRanges served) {

    /** The default of kube-proxy: bit 14 (MQ-2). */
    public static final int DEFAULT_MASQUERADE_BIT = 14;

    /** Copies the lists. */
    public NodeSettings {
        bindAddresses = List.copyOf(bindAddresses);
        localAddresses = List.copyOf(localAddresses);
    }

    /** Creates settings with which all external IPs and load balancer IPs are served. */
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
                ServedRanges.ALL);
    }

    /** Returns the defaults of kube-proxy for a mode (CFG-6, NP-7). */
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

    /** Returns these settings for a node whose conntrack accepts TCP packets with unexpected sequence numbers. */
    public NodeSettings withLiberalTcp() {
        return with(true, served);
    }

    /**
     * Returns these settings with other served addresses. If these settings serve no external IPs, then the returned
     * settings serve none either, whatever {@code ranges} contains (EXTIP-6).
     */
    public NodeSettings serving(ServedRanges ranges) {
        return with(
                tcpBeLiberal,
                served.externalIps() instanceof ServedAddresses.None ? ranges.withoutExternalIps() : ranges);
    }

    private NodeSettings with(boolean liberalTcp, ServedRanges servedNow) {
        return new NodeSettings(
                mode,
                nodeName,
                bindAddresses,
                localAddresses,
                detectLocal,
                nodePortAddresses,
                masqueradeBit,
                masqueradeAll,
                localhostNodePorts,
                liberalTcp,
                servedNow);
    }

    /** Returns these settings for a proxy that serves no external IPs (EXTIP-6). */
    public NodeSettings withoutExternalIps() {
        return serving(served.withoutExternalIps());
    }

    /** The value of {@code detectLocalMode}, with the settings that this mode needs. */
    public sealed interface DetectLocal {
        /** The prefixes of {@code clusterCIDR}. The first prefix of each family counts (MQ-10). */
        record ClusterCidr(List<Cidr> cidrs) implements DetectLocal {
            /** Copies the list. */
            public ClusterCidr {
                cidrs = List.copyOf(cidrs);
            }
        }

        /** The prefixes of the Node's {@code spec.podCIDRs} (MQ-11). */
        record NodeCidr() implements DetectLocal {}

        /** The interface of {@code detectLocal.bridgeInterface}. */
        record BridgeInterface(InterfaceName name) implements DetectLocal {}

        /** The prefix of {@code detectLocal.interfaceNamePrefix}. */
        record InterfaceNamePrefix(InterfaceName prefix) implements DetectLocal {}
    }

    /**
     * The value of {@code nodePortAddresses}. Node ports are served on the interface addresses that are inside one of
     * the ranges or are the primary address (NP-4, NP-6). If a family has neither a range nor a selected primary
     * address, node ports are served on every local address of that family (NP-2, NP-3).
     *
     * @param primaryAddresses whether the keyword {@code primary} also selects the primary address of each family; a
     *     loopback address is not selected
     * @param ranges the ranges of both families, including the ranges for the keywords {@code localhost} and
     *     {@code all}
     */
    public record NodePortSelection(boolean primaryAddresses, List<Cidr> ranges) {
        /** Copies the list. */
        public NodePortSelection {
            ranges = List.copyOf(ranges);
        }

        /** Returns an empty selection: node ports are served on every local address. */
        public static NodePortSelection everywhere() {
            return new NodePortSelection(false, List.of());
        }

        /** Returns the selection of the keyword {@code primary} only. */
        public static NodePortSelection primary() {
            return new NodePortSelection(true, List.of());
        }

        /** Returns a selection that consists of ranges only. */
        public static NodePortSelection within(List<Cidr> ranges) {
            return new NodePortSelection(false, ranges);
        }
    }
}
