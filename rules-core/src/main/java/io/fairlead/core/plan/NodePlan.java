package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * The part of the plan that does not depend on Services, in one address family.
 *
 * @param masqueradeBit 0 to 31; the packet mark is {@code 1 << masqueradeBit} (MQ-2)
 * @param masqueradeAll whether all traffic to ClusterIPs is masqueraded (MQ-3)
 * @param localhostNodePorts whether node ports are served on 127.0.0.1 (NP-9..NP-15); only in iptables mode and IPv4
 * @param serviceCidrs the sorted ranges of ClusterIPs. A packet to an address in these ranges that no Service uses is
 *     dropped (NEH-6). Empty in iptables mode, or if the ranges are unknown
 * @param dropInvalid whether forwarded packets in conntrack state INVALID are dropped (IPT-6, NFT-31); only in iptables
 *     mode
 */
public record NodePlan(
        IpFamily family,
        ProxyMode mode,
        LocalDetector detector,
        NodePortAddresses nodePortAddresses,
        int masqueradeBit,
        boolean masqueradeAll,
        boolean localhostNodePorts,
        List<Cidr> serviceCidrs,
        boolean dropInvalid) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the bit is not in 0 to 31
     */
    public NodePlan {
        if (masqueradeBit < 0 || masqueradeBit > 31) {
            throw new IllegalArgumentException("masqueradeBit out of range: " + masqueradeBit);
        }
        serviceCidrs = List.copyOf(serviceCidrs);
    }

    /** Returns the packet mark as an unsigned number. */
    public int mark() {
        return 1 << masqueradeBit;
    }

    /** Returns the packet mark in the form "0x00004000" (MQ-2). */
    public String markText() {
        return String.format("0x%08x", mark());
    }
}
