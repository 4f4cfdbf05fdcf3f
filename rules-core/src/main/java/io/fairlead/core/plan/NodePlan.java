package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * The part of the plan that does not depend on Services, in one family.
 *
 * @param masqueradeBit 0 to 31; the mark is {@code 1 << masqueradeBit} (MQ-2)
 * @param masqueradeAll whether all traffic to ClusterIPs is masqueraded (MQ-3)
 * @param localhostNodePorts whether node ports are served on 127.0.0.1 (NP-9..NP-15); only in iptables, IPv4
 * @param serviceCidrs sorted ranges in which packets to an address without a Service are dropped (NEH-6); empty if
 *     unknown
 * @param dropInvalid whether forwarded packets in conntrack state INVALID are dropped (IPT-6, NFT-31)
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

    /** Returns the mark as a number, to be read as unsigned. */
    public int mark() {
        return 1 << masqueradeBit;
    }

    /** Returns the mark as "0x00004000" (MQ-2). */
    public String markText() {
        return String.format("0x%08x", mark());
    }
}
