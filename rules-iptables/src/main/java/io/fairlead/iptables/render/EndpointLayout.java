package io.fairlead.iptables.render;

/**
 * The choice of endpoints that have a chain of their own, {@code KUBE-SEP-*}. Besides sending a packet to its endpoint,
 * that chain does two things. It masquerades packets of that same endpoint, which would otherwise receive replies that
 * it does not expect (hairpin, MQ-7). And it notes the client for ClientIP affinity.
 */
public enum EndpointLayout {
    /** Every endpoint, as in kube-proxy. */
    KUBE_PROXY("kube-proxy"),
    /**
     * Only endpoints whose chain can matter: those of Services with ClientIP affinity, and those that may run on this
     * node. The pick chain sends packets to all other endpoints directly: one rule instead of three and a chain. If the
     * source of a packet is an endpoint, the packet normally comes from a pod of this node, because other nodes serve
     * their own pods. Packets of those pods to an external address through this node are masqueraded anyway under
     * policy Cluster. One case remains that is not masqueraded: an endpoint of another node sends through this node to
     * a ClusterIP, or under policy Local to an external address, and is chosen itself.
     */
    COMPACT("compact");

    private final String text;

    EndpointLayout(String text) {
        this.text = text;
    }

    /** Returns the name as in flags. */
    public String text() {
        return text;
    }
}
