package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;

/** How the node recognizes packets of its own pods (MQ-8), in one family. */
public sealed interface LocalDetector {

    /** No detection: no packet counts as a packet of a local pod (MQ-9, TP-15). */
    record None() implements LocalDetector {}

    /** Pods are recognised by their source address (ClusterCIDR, NodeCIDR). */
    record SourceCidr(Cidr cidr) implements LocalDetector {}

    /** Pods are recognised by the input interface of their packets (BridgeInterface). */
    record Interface(InterfaceName name) implements LocalDetector {}

    /** Pods are recognised by a prefix of the name of the input interface (InterfaceNamePrefix). */
    record InterfacePrefix(InterfaceName prefix) implements LocalDetector {}
}
