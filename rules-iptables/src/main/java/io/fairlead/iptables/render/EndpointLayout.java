package io.fairlead.iptables.render;

/**
 * Which endpoints have a chain of their own, {@code KUBE-SEP-*}. That chain does two things besides sending a packet to
 * its endpoint: it masquerades what comes from that very endpoint, which would otherwise get answers that it does not
 * expect (hairpin, MQ-7), and it notes the client for ClientIP affinity.
 */
public enum EndpointLayout {
    /** Every one, as under kube-proxy. */
    KUBE_PROXY("kube-proxy"),
    /**
     * Only those whose chain can matter: endpoints of Services with ClientIP affinity, and those that are not known to
     * run on another node. The others are sent to by the chain that chooses: one rule, where there were three and a
     * chain. A packet whose source is an endpoint comes to this node's rules from a pod of this node: pods of other
     * nodes are served by those. What they send to an external address through this node is masqueraded anyway under
     * policy Cluster. Left over, and not masqueraded, is what an endpoint of another node sends through this one to a
     * cluster IP, or under policy Local to an external address, and gets back itself.
     */
    COMPACT("compact");

    private final String text;

    EndpointLayout(String text) {
        this.text = text;
    }

    /** The word for it, as in flags. */
    public String text() {
        return text;
    }
}
