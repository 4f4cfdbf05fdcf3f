package io.fairlead.core.plan;

/**
 * The mode of kube-proxy. Each method except {@link #text} returns one difference between the behaviour of the two
 * modes. The planner, the flow model and the renderers call these methods, so that they agree.
 */
public enum ProxyMode {
    IPTABLES,
    NFTABLES;

    /** Returns "iptables" or "nftables", as in the configuration. */
    public String text() {
        return this == IPTABLES ? "iptables" : "nftables";
    }

    /** Returns whether a packet from a pod to the same pod is masqueraded only if the pod runs on this node (MQ-7). */
    public boolean masqueradesOnlyLocalHairpin() {
        return this == NFTABLES;
    }

    /**
     * Returns whether a packet is dropped if its destination is in a known ServiceCIDR and no Service uses that address
     * (NEH-6, NEH-7).
     */
    public boolean dropsUnallocatedClusterIps() {
        return this == NFTABLES;
    }

    /** Returns whether source ranges are checked before the existence of endpoints is checked (LBF-6, LBF-7). */
    public boolean checksSourceRangesFirst() {
        return this == NFTABLES;
    }
}
