package io.fairlead.core.plan;

/**
 * The backend, and with it the behaviour where kube-proxy's two modes differ. Every difference that a packet can meet is
 * a question answered here, so that plan, model and renderers agree by construction on what is asked.
 */
public enum ProxyMode {
    IPTABLES,
    NFTABLES;

    /** "iptables" or "nftables", as the configuration has it. */
    public String text() {
        return this == IPTABLES ? "iptables" : "nftables";
    }

    /** Whether a pod that reaches itself is masqueraded only if it runs on this node (MQ-7). */
    public boolean masqueradesOnlyLocalHairpin() {
        return this == NFTABLES;
    }

    /** Whether a ClusterIP refuses ports that its Service does not have (NEH-5, NEH-7). */
    public boolean rejectsUnusedClusterIpPorts() {
        return this == NFTABLES;
    }

    /** Whether an address of a known ServiceCIDR that no Service has is dropped (NEH-6, NEH-7). */
    public boolean dropsUnallocatedClusterIps() {
        return this == NFTABLES;
    }

    /** Whether source ranges are checked before it matters if there are endpoints (LBF-6, LBF-7). */
    public boolean checksSourceRangesFirst() {
        return this == NFTABLES;
    }

    /** Whether the refusal for lack of endpoints on external addresses also meets this node's own packets (NEH-3). */
    public boolean refusesOwnPacketsToExternalAddresses() {
        return this == NFTABLES;
    }

    /** Whether node ports without endpoints are refused on every local address, listed or not (NP-18). */
    public boolean refusesNodePortsOnEveryLocalAddress() {
        return this == IPTABLES;
    }

    /** Whether a health check node port is accepted in the filter table (LBF-21). */
    public boolean acceptsHealthCheckNodePorts() {
        return this == IPTABLES;
    }
}
