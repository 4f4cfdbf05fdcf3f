package io.fairlead.core.plan;

/**
 * The backend, and with it the behaviour where kube-proxy's two modes differ. Every difference that a packet can meet
 * is a question answered here, so that plan, model and renderers agree by construction on what is asked.
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

    /** Whether an address of a known ServiceCIDR that no Service has is dropped (NEH-6, NEH-7). */
    public boolean dropsUnallocatedClusterIps() {
        return this == NFTABLES;
    }

    /** Whether source ranges are checked before it matters if there are endpoints (LBF-6, LBF-7). */
    public boolean checksSourceRangesFirst() {
        return this == NFTABLES;
    }
}
