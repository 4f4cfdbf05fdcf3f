package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;

/** How the node recognizes packets of its own pods (MQ-8), in one family. */
public sealed interface LocalDetector {

    /** No detection: no packet counts as a packet of a local pod (MQ-9, TP-15). */
    record None() implements LocalDetector {}

    /** By the source address (ClusterCIDR, NodeCIDR). */
    record SourceCidr(Cidr cidr) implements LocalDetector {}

    /** By the input interface (BridgeInterface). */
    record Interface(InterfaceName name) implements LocalDetector {}

    /** By a prefix of the name of the input interface (InterfaceNamePrefix). */
    record InterfacePrefix(InterfaceName prefix) implements LocalDetector {}
}
