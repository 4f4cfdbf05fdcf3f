package io.fairlead.nft.layout;

/** A reason why packets must meet a base chain. */
public enum Need {
    /** A Service accepts packets from certain sources only (LBF-1). */
    SOURCE_RANGES,
    /** A Service has endpoints, so destinations are translated, and some sources are masqueraded. */
    TRANSLATION,
    /** The rules remember the endpoints of clients (AFF-1). */
    AFFINITY,
    /** A frontend has no usable endpoint, and packets to it are refused (NFT-14). */
    NO_ENDPOINTS,
    /** There are ClusterIPs or ranges of ClusterIPs, and packets to their unused ports or addresses are refused. */
    CLUSTER_IPS
}
