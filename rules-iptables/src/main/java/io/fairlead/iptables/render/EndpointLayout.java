package io.fairlead.iptables.render;

/**
 * Selects the endpoints that have a chain of their own, {@code KUBE-SEP-*}. This chain sends packets to the endpoint.
 * It also does two other things. It masquerades packets whose source is the same endpoint; without this, the endpoint
 * would receive replies that it does not expect (hairpin, MQ-7). And it stores the client for ClientIP affinity.
 */
public enum EndpointLayout {
    /** Every endpoint has a chain, as in kube-proxy. */
    KUBE_PROXY("kube-proxy"),
    /**
     * Only endpoints for which the chain can have an effect: endpoints of Services with ClientIP affinity, and
     * endpoints that may run on this node. Packets to all other endpoints are sent there directly, with one rule
     * instead of three rules and a chain. The reason: a packet whose source is an endpoint normally comes from a pod of
     * this node, because every other node serves its own pods. If a pod of another node sends a packet through this
     * node to an external address, the packet is masqueraded anyway under policy Cluster. In one case a packet is not
     * masqueraded as in kube-proxy: an endpoint on another node sends a packet through this node to a ClusterIP, or
     * under policy Local to an external address, and this node chooses the same endpoint.
     */
    COMPACT("compact");

    private final String text;

    EndpointLayout(String text) {
        this.text = text;
    }

    /** Returns the value of the flag --iptables-layout that selects this layout. */
    public String text() {
        return text;
    }
}
