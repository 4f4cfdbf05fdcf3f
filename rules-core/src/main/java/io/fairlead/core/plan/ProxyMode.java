package io.fairlead.core.plan;

/**
 * The mode, and the behaviour in which the two modes of kube-proxy differ. Each method here answers one difference that
 * a packet can meet, so plan, model and renderers use the same answer.
 */
public enum ProxyMode {
    IPTABLES,
    NFTABLES;

    /** Returns "iptables" or "nftables", as in the configuration. */
    public String text() {
        return this == IPTABLES ? "iptables" : "nftables";
    }

    /** Returns whether a pod that reaches itself is masqueraded only if it runs on this node (MQ-7). */
    public boolean masqueradesOnlyLocalHairpin() {
        return this == NFTABLES;
    }

    /** Returns whether packets are dropped to an address of a known ServiceCIDR that no Service uses (NEH-6, NEH-7). */
    public boolean dropsUnallocatedClusterIps() {
        return this == NFTABLES;
    }

    /** Returns whether source ranges are checked before the check for endpoints (LBF-6, LBF-7). */
    public boolean checksSourceRangesFirst() {
        return this == NFTABLES;
    }
}
